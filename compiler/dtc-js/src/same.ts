/**
 * Like `map`, but leaves out what becomes undefined, and gives back the same array where nothing changed: unchanged
 * parts of trees stay shared.
 */
export function mapShared<T>(items: readonly T[], change: (item: T, index: number) => T | undefined): readonly T[] {
  let changed: T[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as T;
    const next = change(item, index);
    if (next !== item) changed ??= items.slice(0, index);
    if (changed && next !== undefined) changed.push(next);
  }
  return changed ?? items;
}
