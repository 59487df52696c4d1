import { invariant } from "../../base/invariant.ts";
import {
  attributes,
  charactersPerEntry,
  directoryEntry,
  isFatName,
  lastLongEntry,
  longNameEntry,
  shortNameChecksum,
} from "../../codecs/disk/fat.ts";

/** Paths that FAT has no name for, or that it holds to be the same as another: it knows no case. */
export function unfitNames(paths: readonly string[]): readonly { readonly path: string; readonly reason: string }[] {
  const seen = new Map<string, string>();
  return paths.flatMap((path) => {
    const other = seen.get(path.toLowerCase());
    seen.set(path.toLowerCase(), path);
    if (other !== undefined) return [{ path, reason: `it is the same name as "${other}" there` }];
    return path.split("/").every(isFatName) ? [] : [{ path, reason: "no name there is like it" }];
  });
}

/** What a short name may hold as it is. */
const shortCharacters = /[^!#-)0-9@A-Z^_`{}~-]/g;

/**
 * The eleven bytes of a name of 8.3, upper case, that no other entry of the directory has ("The Basis-Name Generation
 * Algorithm", "The Numeric-Tail Generation Algorithm"). `used` gets the new one.
 */
export function shortName(name: string, used: Set<string>): string {
  const upper = name.toUpperCase();
  const dot = upper.lastIndexOf(".");
  const clean = (part: string): string => part.replaceAll(/[ .]/g, "").replaceAll(shortCharacters, "_");
  const base = clean(dot > 0 ? upper.slice(0, dot) : upper);
  const extension = dot > 0 ? clean(upper.slice(dot + 1)) : "";
  const fits = dot > 0 ? `${base}.${extension}` === upper : base === upper;
  const padded = (stem: string): string => stem.padEnd(8) + extension.slice(0, 3).padEnd(3);
  let found = fits && base.length <= 8 && extension.length <= 3 ? padded(base) : undefined;
  for (let number = 1; found === undefined || used.has(found); number++) {
    const tail = `~${number}`;
    found = padded(base.slice(0, 8 - tail.length) + tail);
  }
  used.add(found);
  return found;
}

/** Whether a short name says all of a long one. */
export const isShort = (name: string, short: string): boolean =>
  name === [short.slice(0, 8).trimEnd(), short.slice(8).trimEnd()].filter((part) => part !== "").join(".");

/** The entries that carry a long name, the name's end first; they go right before the short one's. */
export function longNameEntries(name: string, short: Uint8Array): readonly Uint8Array[] {
  invariant(isFatName(name), `${JSON.stringify(name)} to be a name that FAT knows`);
  const count = Math.ceil(name.length / charactersPerEntry);
  const checksum = shortNameChecksum(short);
  return Array.from({ length: count }, (_, index) => {
    const order = count - index;
    const characters = charactersOf(name, order - 1);
    const entry = new Uint8Array(directoryEntry.size);
    longNameEntry.encode(
      {
        order: order === count ? order | lastLongEntry : order,
        name_1: characters.slice(0, 10),
        attributes: attributes.longName,
        type: 0,
        checksum,
        name_2: characters.slice(10, 22),
        cluster: 0,
        name_3: characters.slice(22),
      },
      entry,
      0,
    );
    return entry;
  });
}

/** Thirteen characters, UTF-16LE: the name's, a NUL where it ends, all ones behind that. */
function charactersOf(name: string, part: number): Uint8Array {
  const bytes = new Uint8Array(charactersPerEntry * 2).fill(0xff);
  const view = new DataView(bytes.buffer);
  const text = name.slice(part * charactersPerEntry, (part + 1) * charactersPerEntry);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  if (text.length < charactersPerEntry) view.setUint16(text.length * 2, 0, true);
  return bytes;
}
