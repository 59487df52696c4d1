/** Pairs of characters to compare for one word, and what a short name counts at least: a hundred of those. */
const mostPairs = 10_000;
const fewestPairs = 100;

/**
 * The known name that a mistyped one most likely means, if any is near enough to be worth saying. Of very many names, or
 * very long ones, only the first are compared: a suggestion must not cost more than all the rest.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: { name: string; distance: number } | undefined;
  let pairs = 0;
  const letters = withoutDigits(word);
  for (const name of known) {
    if (Math.abs(name.length - word.length) > limit) continue;
    pairs += Math.max(fewestPairs, word.length * name.length);
    if (pairs > mostPairs) break;
    // "cpu7" is not "cpu0" mistyped: numbers are chosen, not spelt.
    if (withoutDigits(name) === letters) continue;
    const distance = editDistance(word.toLowerCase(), name.toLowerCase(), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

const withoutDigits = (text: string): string => text.replaceAll(/\d/g, "");

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment); Infinity beyond the limit. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edited = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      row.push(swapped ? Math.min(edited, at(beforeLast, j - 2) + 1) : edited);
    }
    // A swap reaches back two rows, and costs one at least.
    if (Math.min(...row) > limit && Math.min(...last) >= limit) return Infinity;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
