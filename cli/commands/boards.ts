import type { Surroundings } from "../adapters/terminal.ts";

/** Lists the profiles. */
export function boards({ stdout }: Surroundings): number {
  stdout("");
  return 0;
}
