/** "Did you mean": the candidate that a mistyped word most probably stands for. */

/** The nearest of `candidates` where it is near enough to be meant; letters' case does not count. Of equally near ones, the first. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toUpperCase();
  const distanceMax = wanted.length < 4 ? 1 : wanted.length < 8 ? 2 : 3;
  let best: string | undefined;
  let bestDistance = distanceMax + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = distanceBetween(wanted, candidate.toUpperCase());
    // A word of two letters is one change away from every other one that shares a letter; of nothing in common nothing is meant.
    if (distance >= bestDistance || distance >= wanted.length) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** Insertions, removals, changes and swaps of neighbours. */
function distanceBetween(a: string, b: string): number {
  let twoBack: number[] = [];
  let back = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(back[j]! + 1, row[j - 1]! + 1, back[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, twoBack[j - 2]! + 1);
      row.push(cost);
    }
    twoBack = back;
    back = row;
  }
  return back[b.length]!;
}
