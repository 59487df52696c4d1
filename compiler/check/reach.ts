import type { BoardFacts } from "../ir/resolved.ts";

/** The CPU with the fewest bits of addresses, and their number; undefined where no CPU's are known. */
export function smallestCpu({ cpus }: BoardFacts): { readonly label: string; readonly bits: number } | undefined {
  const known = cpus.flatMap(({ label, addressBits: bits }) => (bits === undefined ? [] : { label, bits }));
  return known.sort((a, b) => a.bits - b.bits)[0];
}
