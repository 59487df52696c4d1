import { profiles } from "../../boards/profiles.ts";
import type { Surroundings } from "../adapters/terminal.ts";

/** Lists the board profiles and how a configuration uses them. */
export function boards({ stdout }: Surroundings): number {
  for (const { name, describes, use, emulator } of profiles) {
    stdout(`${name}  ${describes}${emulator ? "; `xenimg run` emulates it" : ""}\n`);
    stdout(`  import { ${use.replace(/\(.*/, "")} } from "xenimg/boards";  ${use}\n`);
  }
  return 0;
}
