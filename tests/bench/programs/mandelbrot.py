def run(size: int) -> int:
    inside = 0
    for row in range(size):
        imaginary = 2.0 * row / size - 1.0
        for column in range(size):
            real = 2.0 * column / size - 1.5
            x = 0.0
            y = 0.0
            steps = 0
            while steps < 50 and x * x + y * y <= 4.0:
                next_x = x * x - y * y + real
                y = 2.0 * x * y + imaginary
                x = next_x
                steps += 1
            if steps == 50:
                inside += 1
    return inside
