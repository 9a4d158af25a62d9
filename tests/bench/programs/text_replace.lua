function run(n)
  local line = string.rep("some words with commas, and more of them, up to the end, ", 200)
  local total = 0
  for _ = 1, n do
    total = total + #string.gsub(line, "commas", "semicolons")
  end
  return total
end
