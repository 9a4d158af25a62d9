function run(n)
  local parts = {}
  for i = 0, 999 do
    parts[#parts + 1] = "part " .. i
  end
  local total = 0
  for _ = 1, n do
    total = total + #table.concat(parts, ", ")
  end
  return total
end
