function run(n) {
  const values = [];
  for (let i = 0; i < n; i++) {
    values.push(i);
  }
  return values.length + values[n - 1];
}
