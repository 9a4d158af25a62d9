def run(n: int) -> int:
    text = ""
    for i in range(n):
        text += "part " + str(i) + ", "
    return len(text)
