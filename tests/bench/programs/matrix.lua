local function product(a, b, size)
  local result = {}
  for row = 0, size - 1 do
    for column = 0, size - 1 do
      local total = 0.0
      for k = 0, size - 1 do
        total = total + a[row * size + k + 1] * b[k * size + column + 1]
      end
      result[#result + 1] = total
    end
  end
  return result
end

function run(size)
  local a, b = {}, {}
  for i = 0, size * size - 1 do
    a[#a + 1] = i % 10 * 0.5
    b[#b + 1] = i % 7 * 0.25
  end
  local trace = 0.0
  local result = product(a, b, size)
  for i = 0, size - 1 do
    trace = trace + result[i * size + i + 1]
  end
  return trace
end
