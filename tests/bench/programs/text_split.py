def run(n: int) -> int:
    line = "some words with commas, and more of them, up to the end, " * 200
    total = 0
    for _i in range(n):
        parts = line.split(", ")
        total += len(parts) + len(parts[1])
    return total
