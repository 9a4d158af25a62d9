function run(n)
  local words = {}
  for i = 0, 999 do
    words[#words + 1] = "word" .. i
  end
  local counts = {}
  local at = 0
  for _ = 1, n do
    at = (at * 31 + 7) % 1000
    local word = words[at + 1]
    counts[word] = (counts[word] or 0) + 1
  end
  local size = 0
  for _ in pairs(counts) do
    size = size + 1
  end
  return size * 1000000 + counts[words[at + 1]]
end
