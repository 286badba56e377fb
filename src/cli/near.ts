/** How many letters have to be added, taken away or changed to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** `; did you mean X?` where one of the words is close to what was typed, else nothing. */
export function meant(typed: string, words: readonly string[]): string {
  const low = typed.slice(0, 40).toLowerCase();
  const ranked = words.map((word) => ({ word, far: distance(low, word.toLowerCase()) }));
  const [nearest] = ranked.sort((a, b) => a.far - b.far);
  return nearest && nearest.far <= Math.max(1, Math.floor(nearest.word.length / 3))
    ? `; did you mean ${nearest.word}?`
    : '';
}
