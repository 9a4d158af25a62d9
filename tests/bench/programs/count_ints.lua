function run(n)
  local counts = {}
  local key = 0
  for _ = 1, n do
    key = (key * 31 + 7) % 1009
    counts[key] = (counts[key] or 0) + 1
  end
  local size = 0
  for _ in pairs(counts) do
    size = size + 1
  end
  return size * 1000000 + counts[key]
end
