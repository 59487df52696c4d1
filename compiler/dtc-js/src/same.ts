/**
 * Like `map`, but leaves out what becomes undefined, and gives back the same array where nothing changed: unchanged
 * parts of trees stay shared.
 */
export function mapShared<T>(items: readonly T[], change: (item: T, index: number) => T | undefined): readonly T[] {
  let changed: T[] | undefined;
  let length = 0;
  for (const [index, item] of items.entries()) {
    const next = change(item, index);
    // A copy, not one that grows: it has room for what it holds.
    if (next !== item) changed ??= items.slice();
    if (next === undefined) continue;
    if (changed) changed[length] = next;
    length++;
  }
  if (changed) changed.length = length;
  return changed ?? items;
}
