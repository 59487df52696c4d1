import { printReference } from "../print/literal.ts";
import { readCell } from "../read.ts";
import { report, type Reporter } from "../report.ts";
import type { Property } from "../tree.ts";
import type { Entry, TreeIndex } from "./index-tree.ts";

/** Takes over the phandles that nodes give themselves. dtc's check `explicit_phandles`. */
export function readExplicitPhandles(index: TreeIndex, reporter: Reporter): void {
  const owners = new Map<number, Entry>();
  for (const entry of index.entries) {
    const found = entry.node.properties
      .filter(({ name }) => name === "phandle" || name === "linux,phandle")
      .map((property) => ({ property, phandle: readPhandle(index, entry, property, reporter) }))
      .filter(({ phandle }) => phandle !== undefined);
    const [first, second] = found;
    if (first?.phandle === undefined) continue;
    if (second && second.phandle !== first.phandle) {
      explicit(reporter, entry, second.property, "mismatching 'phandle' and 'linux,phandle' properties");
      continue;
    }
    const owner = owners.get(first.phandle);
    if (owner) {
      const message = `duplicated phandle 0x${first.phandle.toString(16)} (seen before at ${owner.path})`;
      explicit(reporter, entry, first.property, message);
      continue;
    }
    owners.set(first.phandle, entry);
    entry.phandle = first.phandle;
  }
}

/** Undefined where the property is wrong, and where it refers to its own node: that asks for a free number. */
function readPhandle(index: TreeIndex, entry: Entry, property: Property, reporter: Reporter): number | undefined {
  const { value, name } = property;
  const phandle = readCell(value);
  if (phandle === undefined) {
    explicit(reporter, entry, property, `bad length (${value.bytes.length}) ${name} property`);
    return undefined;
  }
  const reference = value.markers.find((marker) => marker.kind === "phandle");
  if (reference) {
    if (index.find(reference.target) === entry) return undefined;
    explicit(reporter, entry, property, `${name} is a reference to another node, ${printReference(reference.target)}`);
    return undefined;
  }
  if (phandle === 0 || phandle === 0xffff_ffff) {
    explicit(reporter, entry, property, `bad value (0x${phandle.toString(16)}) in ${name} property`);
    return undefined;
  }
  return phandle;
}

function explicit(reporter: Reporter, { node, path }: Entry, property: Property, message: string): void {
  report(reporter, "explicit_phandles", `${path}: ${message}`, property.span ?? node.spans?.[0]);
}

/** Gives numbers from 1 upwards, in the order of asking, and leaves out those that nodes gave themselves. */
export function phandleAllocator(index: TreeIndex): (entry: Entry) => number {
  const used = new Set(index.entries.map(({ phandle }) => phandle));
  let next = 1;
  return (entry) => {
    if (entry.phandle === undefined) {
      while (used.has(next)) next++;
      entry.phandle = next++;
      entry.allocated = true;
    }
    return entry.phandle;
  };
}
