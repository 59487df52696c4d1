/** So many names are compared with each other sooner than they are put into a map. */
const few = 12;

/** Items whose name an earlier one has, and that one. */
export function repeated<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  return items.length <= few ? repeatedOfFew(items, nameOf) : repeatedOfMany(items, nameOf);
}

function repeatedOfFew<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  const found: (readonly [T, T])[] = [];
  for (let index = 1; index < items.length; index++) {
    const item = items[index] as T;
    const name = nameOf(item);
    for (let earlier = 0; earlier < index; earlier++) {
      const first = items[earlier] as T;
      if (nameOf(first) !== name) continue;
      found.push([item, first]);
      break;
    }
  }
  return found;
}

function repeatedOfMany<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  const found: (readonly [T, T])[] = [];
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(nameOf(item));
    if (first === undefined) seen.set(nameOf(item), item);
    else found.push([item, first]);
  }
  return found;
}
