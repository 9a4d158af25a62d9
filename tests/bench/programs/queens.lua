local function place(size, row, columns, falling, rising)
  if row == size then
    return 1
  end
  local found = 0
  local bit = 1
  for _ = 1, size do
    if columns // bit % 2 == 0 and falling // bit % 2 == 0 and rising // bit % 2 == 0 then
      found = found + place(size, row + 1, columns + bit, (falling + bit) * 2, (rising + bit) // 2)
    end
    bit = bit * 2
  end
  return found
end

function run(size)
  return place(size, 0, 0, 0, 0)
end
