function run(size)
  local inside = 0
  for row = 0, size - 1 do
    local imaginary = 2.0 * row / size - 1.0
    for column = 0, size - 1 do
      local real = 2.0 * column / size - 1.5
      local x, y, steps = 0.0, 0.0, 0
      while steps < 50 and x * x + y * y <= 4.0 do
        x, y = x * x - y * y + real, 2.0 * x * y + imaginary
        steps = steps + 1
      end
      if steps == 50 then
        inside = inside + 1
      end
    end
  end
  return inside
end
