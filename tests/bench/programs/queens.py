def place(size: int, row: int, columns: int, falling: int, rising: int) -> int:
    if row == size:
        return 1
    found = 0
    bit = 1
    for _column in range(size):
        if columns // bit % 2 == 0 and falling // bit % 2 == 0 and rising // bit % 2 == 0:
            found += place(size, row + 1, columns + bit, (falling + bit) * 2, (rising + bit) // 2)
        bit *= 2
    return found


def run(size: int) -> int:
    return place(size, 0, 0, 0, 0)
