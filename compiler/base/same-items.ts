/** Whether two lists hold the same items in the same order. Comparing joined texts takes a separator in an item for two. */
export const sameItems = <T extends string | number>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
