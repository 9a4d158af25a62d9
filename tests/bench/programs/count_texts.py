def run(n: int) -> int:
    words: list[str] = []
    for i in range(1000):
        words.append("word" + str(i))  # noqa: PERF401 - as the peers do
    counts: dict[str, int] = {}
    at = 0
    for _i in range(n):
        at = (at * 31 + 7) % 1000
        word = words[at]
        counts[word] = counts.get(word, 0) + 1
    return len(counts) * 1000000 + counts[words[at]]
