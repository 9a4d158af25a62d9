local function find(values, wanted)
  local low, high = 0, #values - 1
  while low <= high do
    local middle = (low + high) // 2
    local value = values[middle + 1]
    if value == wanted then
      return middle
    end
    if value < wanted then
      low = middle + 1
    else
      high = middle - 1
    end
  end
  return -1
end

function run(searches)
  local values = {}
  for i = 0, 99999 do
    values[#values + 1] = i * 3
  end
  local total = 0
  local wanted = 1
  for _ = 1, searches do
    wanted = (wanted * 7919 + 1) % 300000
    total = total + find(values, wanted)
  end
  return total
end
