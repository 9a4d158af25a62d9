function run(n)
  local values = {}
  for i = 0, n - 1 do
    values[#values + 1] = i
  end
  return #values + values[n]
end
