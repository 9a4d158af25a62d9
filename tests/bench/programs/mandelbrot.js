function run(size) {
  let inside = 0;
  for (let row = 0; row < size; row++) {
    const imaginary = (2.0 * row) / size - 1.0;
    for (let column = 0; column < size; column++) {
      const real = (2.0 * column) / size - 1.5;
      let x = 0.0;
      let y = 0.0;
      let steps = 0;
      while (steps < 50 && x * x + y * y <= 4.0) {
        const next = x * x - y * y + real;
        y = 2.0 * x * y + imaginary;
        x = next;
        steps += 1;
      }
      if (steps === 50) {
        inside += 1;
      }
    }
  }
  return inside;
}
