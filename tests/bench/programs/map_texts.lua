function run(n)
  local keys = {}
  for i = 0, n - 1 do
    keys[#keys + 1] = "key" .. i
  end
  local values = {}
  for i = 1, n do
    values[keys[i]] = i - 1
  end
  local total = 0
  for i = 1, n do
    total = total + values[keys[i]]
  end
  return total
end
