local function split(text, separator)
  local parts = {}
  local from = 1
  local find, sub = string.find, string.sub
  while true do
    local first, last = find(text, separator, from, true)
    if not first then
      parts[#parts + 1] = sub(text, from)
      return parts
    end
    parts[#parts + 1] = sub(text, from, first - 1)
    from = last + 1
  end
end

function run(n)
  local line = string.rep("some words with commas, and more of them, up to the end, ", 200)
  local total = 0
  for _ = 1, n do
    local parts = split(line, ", ")
    total = total + #parts + #parts[2]
  end
  return total
end
