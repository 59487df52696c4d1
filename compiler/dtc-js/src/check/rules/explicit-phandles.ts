import { getProperty } from "../../find.ts";
import { readCell } from "../../read.ts";
import type { Entry, TreeIndex } from "../../resolve/index-tree.ts";
import type { Span } from "../../span.ts";
import type { Property } from "../../tree.ts";
import type { Check, Judge } from "../check.ts";

/** Takes over the phandles that nodes give themselves. */
export const explicitPhandles: Check = {
  name: "explicit_phandles",
  level: "error",
  start: (judge) => {
    const owners = new Map<number, Entry>();
    return (entry) => {
      if (!getProperty(entry.node, "phandle") && !getProperty(entry.node, "linux,phandle")) return;
      const found = entry.node.properties
        .filter(({ name }) => name === "phandle" || name === "linux,phandle")
        .map((property) => ({ span: property.span, phandle: readPhandle(judge, entry, property) }))
        .filter((each): each is Found => each.phandle !== undefined);
      const [first, second] = found;
      if (!first) return;
      const { phandle, span } = first;
      if (second && second.phandle !== phandle) {
        const message = "mismatching 'phandle' and 'linux,phandle' properties";
        judge.fail(entry, message, undefined, { span: second.span, other: span });
        return;
      }
      const owner = owners.get(phandle);
      if (owner) {
        const message = `duplicated phandle 0x${phandle.toString(16)} (seen before at ${owner.path})`;
        judge.fail(entry, message, undefined, { span });
        return;
      }
      owners.set(phandle, entry);
      entry.phandle = phandle;
    };
  },
};

interface Found {
  readonly span: Span | undefined;
  readonly phandle: number;
}

/** Undefined where the property is wrong, and where it refers to its own node: that asks for a free number. */
function readPhandle(judge: Judge, entry: Entry, property: Property): number | undefined {
  const { value, name } = property;
  const phandle = readCell(value);
  if (phandle === undefined) {
    judge.fail(entry, `bad length (${value.bytes.length}) ${name} property`, property);
    return undefined;
  }
  const reference = value.markers.find((marker) => marker.kind === "phandle");
  if (reference) {
    if (isOwn(judge.index, entry, reference.target)) return undefined;
    judge.fail(entry, `${name} is a reference to another node`, undefined, { span: property.span });
    return undefined;
  }
  if (phandle === 0 || phandle === 0xffff_ffff) {
    judge.fail(entry, `bad value (0x${phandle.toString(16)}) in ${name} property`, property);
    return undefined;
  }
  return phandle;
}

const isOwn = (index: TreeIndex, entry: Entry, target: string): boolean => index.find(target) === entry;
