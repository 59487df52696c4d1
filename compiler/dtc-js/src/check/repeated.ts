/** So many names are compared with each other sooner than they are put into a map. */
const few = 12;

/** Of many items of one name, each is told with so many of the later ones: all pairs of a hostile tree have no end. */
const MOST_PAIRS = 12;

/** Pairs of items that have one name, as dtc lists them: each with the later ones. */
export function repeated<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  return items.length <= few ? repeatedOfFew(items, nameOf) : repeatedOfMany(items, nameOf);
}

function repeatedOfFew<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  const found: (readonly [T, T])[] = [];
  for (let index = 0; index < items.length; index++) {
    const first = items[index] as T;
    const name = nameOf(first);
    for (let at = index + 1; at < items.length; at++) {
      const later = items[at] as T;
      if (nameOf(later) === name) found.push([first, later]);
    }
  }
  return found;
}

function repeatedOfMany<T>(items: readonly T[], nameOf: (item: T) => string): readonly (readonly [T, T])[] {
  if (new Set(items.map(nameOf)).size === items.length) return [];
  const groups = new Map<string, { readonly items: T[]; passed: number }>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.items.push(item);
    else groups.set(nameOf(item), { items: [item], passed: 0 });
  }
  return items.flatMap((first) => {
    const group = groups.get(nameOf(first));
    if (!group || group.items.length === 1) return [];
    group.passed++;
    return group.items.slice(group.passed, group.passed + MOST_PAIRS).map((later) => [first, later] as const);
  });
}
