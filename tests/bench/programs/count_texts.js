function run(n) {
  const words = [];
  for (let i = 0; i < 1000; i++) {
    words.push("word" + i);
  }
  const counts = new Map();
  let at = 0;
  for (let i = 0; i < n; i++) {
    at = (at * 31 + 7) % 1000;
    const word = words[at];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts.size * 1000000 + counts.get(words[at]);
}
