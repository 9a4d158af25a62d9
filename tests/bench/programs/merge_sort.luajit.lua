-- Lua 5.1 has no integer division.
local floor = math.floor

local function sort(records, first, last)
  if last - first == 1 then
    return { records[first + 1] }
  end
  local middle = floor((first + last) / 2)
  local left = sort(records, first, middle)
  local right = sort(records, middle, last)
  local merged = {}
  local i, j = 1, 1
  while i <= #left and j <= #right do
    if left[i].key <= right[j].key then
      merged[#merged + 1] = left[i]
      i = i + 1
    else
      merged[#merged + 1] = right[j]
      j = j + 1
    end
  end
  while i <= #left do
    merged[#merged + 1] = left[i]
    i = i + 1
  end
  while j <= #right do
    merged[#merged + 1] = right[j]
    j = j + 1
  end
  return merged
end

function run(n)
  local records = {}
  local key = 1
  for i = 0, n - 1 do
    key = (key * 7919 + 1) % 1000003
    records[#records + 1] = { key = key, name = "record", position = i }
  end
  local ordered = sort(records, 0, n)
  local checksum = 0
  for i = 1, n do
    checksum = (checksum * 31 + ordered[i].key + ordered[i].position) % 1000003
  end
  return checksum
end
