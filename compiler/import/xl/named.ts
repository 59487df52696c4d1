import type { ImportedFile } from "../request.ts";
import type { Configuration } from "./configuration.ts";

export interface XlFile extends ImportedFile {
  readonly text: string;
}

/** What a file describes, a domain or a CPU pool. */
export interface Described {
  readonly file: XlFile;
  readonly config: Configuration;
}

export interface Named extends Described {
  /** By which xl knows it. */
  readonly name: string;
  /** Its name in `board.ts`. */
  readonly key: string;
}

/** Those that have a name of their own, with their names in `board.ts`; of the others it is told that they have none. */
export function named(all: readonly Described[], keyFor: (name: string) => string): readonly Named[] {
  const taken = new Map<string, string>();
  return all.flatMap(({ file, config }) => {
    const value = config.value("name");
    const name = config.text("name");
    if (name === undefined || value === undefined) {
      if (value === undefined || value.kind === "text")
        config.missing("name", "domains and pools are known by their names");
      return [];
    }
    const key = keyFor(name);
    if (key !== name) config.passOver(`"${name.slice(0, 60)}"`, `as a name in board.ts it is "${key}"`, value.at);
    const other = taken.get(key);
    if (other !== undefined) config.tell("XI2266", { name: key, other }, value.at);
    taken.set(key, file.name);
    return other === undefined ? [{ file, config, name, key }] : [];
  });
}

/** Names are nodes of a device tree: a letter, and letters, digits and four signs. The console has one for itself. */
export function keyOf(name: string): string {
  const plain = name.slice(0, 100).replaceAll(/[^\w.+-]/g, "-");
  return /^[A-Za-z]/.test(plain) && plain !== "hypervisor" ? plain : `d${plain}`;
}

/** Xen numbers the pools of a dom0less system itself: no name in `board.ts` should look like another's number (XI4404). */
export const poolKeyOf = (name: string): string => keyOf(name).replace(/^Pool-(\d+)$/, "pool$1");
