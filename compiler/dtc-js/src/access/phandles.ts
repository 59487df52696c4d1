import { getProperty, type Located } from "../find.ts";
import type { Property } from "../tree.ts";
import { isUnresolved } from "../unresolved.ts";
import { wordAt } from "../words.ts";
import { failed, found, type Access } from "./answer.ts";
import { cellCount, cellsOf, entryOffsets } from "./cells.ts";
import { ownerOf } from "./phandle-index.ts";
import { argumentsOf, type Arguments } from "./providers.ts";

/** A node of which somebody says what it wants: `<&gpio 3 1>`. */
export interface Specifier {
  readonly target: Located;
  /** The cells behind the phandle. */
  readonly cells: readonly number[];
}

export interface PhandleEntry {
  /** Undefined where the list leaves an entry out, `<0>`. */
  readonly target: Located | undefined;
  readonly cells: readonly number[];
  /** Of the entry in the property, in bytes. */
  readonly offset: number;
}

/**
 * A list of phandles and their arguments: `clocks`, `reset-gpios`, `interrupts-extended`. How many cells follow a
 * phandle its node says, in `cells` ("#clock-cells"); for properties of common bindings it need not be given. A number
 * is for properties with a fixed count. Empty where there is no such property.
 * Errors: `phandle`, `unresolved`, `cells`, `length`.
 */
export function readPhandles(at: Located, name: string, cells?: string | number): Access<readonly PhandleEntry[]> {
  const property = getProperty(at.node, name);
  if (!property) return found([]);
  const rule = cells === undefined ? argumentsOf(name) : typeof cells === "string" ? { cells } : { absent: cells };
  if (!rule) return failed("cells", at, name, 0, `nothing is known of the cells of ${name}`);
  if (name === "gpios" && getProperty(at.node, "gpio-hog")) return readHog(at, property);
  return readList(at, property, rule);
}

/** A GPIO hog stands below its controller, and lists lines without phandles. */
function readHog(at: Located, property: Property): Access<readonly PhandleEntry[]> {
  const target = at.parent;
  if (!target) return failed("unmapped", at, property.name, 0, "the root is below no controller");
  const count = cellCount(target, "#gpio-cells");
  if (!count.ok) return count;
  const offsets = entryOffsets(at, property, count.value);
  if (!offsets.ok) return offsets;
  return found(
    offsets.value.map((offset) => ({ target, cells: cellsOf(property.value.bytes, offset, count.value), offset })),
  );
}

function readList(at: Located, property: Property, rule: Arguments): Access<readonly PhandleEntry[]> {
  const { length } = property.value.bytes;
  const entries: PhandleEntry[] = [];
  for (let offset = 0; offset < length;) {
    const entry = readEntry(at, property, offset, rule);
    if (!entry.ok) return entry;
    entries.push(entry.value);
    offset += 4 + entry.value.cells.length * 4;
  }
  return found(entries);
}

function readEntry(at: Located, property: Property, offset: number, rule: Arguments): Access<PhandleEntry> {
  const { bytes } = property.value;
  const target = readTarget(at, property, offset);
  if (!target.ok) return target;
  if (!target.value) return found({ target: undefined, cells: [], offset });
  const count = rule.cells === undefined ? found(rule.absent ?? 0) : cellCount(target.value, rule.cells, rule.absent);
  if (!count.ok) return count;
  if (count.value * 4 > bytes.length - offset - 4) {
    return failed("length", at, property.name, offset, `${count.value} cells should follow the phandle`);
  }
  return found({ target: target.value, cells: cellsOf(bytes, offset + 4, count.value), offset });
}

/** Whose phandle stands at an offset; undefined where an entry is left out. */
export function readTarget(at: Located, property: Property, offset: number): Access<Located | undefined> {
  const { bytes, markers } = property.value;
  if (bytes.length - offset < 4) {
    return failed("length", at, property.name, offset, `${bytes.length} bytes are not a multiple of 4`);
  }
  const phandle = wordAt(bytes, offset);
  if (phandle === 0xffff_ffff && markers.some((each) => each.offset === offset && isUnresolved(bytes, each))) {
    return failed("unresolved", at, property.name, offset, "the reference is not resolved");
  }
  if (phandle === 0 || phandle === 0xffff_ffff) return found(undefined);
  const target = ownerOf(at, phandle);
  if (!target) return failed("phandle", at, property.name, offset, `no node has phandle 0x${phandle.toString(16)}`);
  return found(target);
}
