function run(n)
  local values = {}
  for i = 0, n - 1 do
    values[i * 7919 % 1000003] = i
  end
  local total = 0
  for i = 0, n - 1 do
    total = total + values[i * 7919 % 1000003]
  end
  return total
end
