def run(n: int) -> int:
    line = "some words with commas, and more of them, up to the end, " * 200
    total = 0
    for _i in range(n):
        total += len(line.replace("commas", "semicolons"))
    return total
