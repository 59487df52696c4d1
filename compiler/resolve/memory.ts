import type { DeviceTree, Located } from "dtc-js";
import { baseName, getProperty } from "dtc-js";
import type { Range } from "../base/ranges.ts";
import { formatRange, overlapOf } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { NamedRange } from "../ir/resolved.ts";
import { deviceType, failure, missing, unusable } from "./nodes.ts";
import { readReg, regOf } from "./reg.ts";

const primary = { path: ["board"] };

/** Devicetree Specification 0.4, 3.4: children of the root with device_type "memory". */
const isMemory = ({ node, parent }: Located): boolean => parent?.parent === undefined && deviceType(node) === "memory";

const isReserved = ({ parent }: Located): boolean => parent?.path === "/reserved-memory";

/** RAM of the enabled nodes, sorted. */
export function ramRanges(nodes: readonly Located[]): Outcome<readonly Range<PhysAddr>[]> {
  const named: NamedRange[] = [];
  const memory = nodes.filter(isMemory);
  for (const node of memory) {
    const reg = readReg(node);
    if ("problem" in reg) return unusable(node.path, reg.problem);
    named.push(...reg.ranges.filter(({ size }) => size > 0).map((range) => ({ name: node.path, ...range })));
  }
  const [first] = memory;
  if (first === undefined) return missing('memory node (device_type = "memory")');
  if (named.length === 0) return failure(diagnose("XI3210", { node: first.path }, { primary }));
  named.sort((a, b) => a.start - b.start);
  for (const [index, range] of named.entries()) {
    const next = named[index + 1];
    const overlap = next && overlapOf(range, next);
    if (next && overlap) {
      const params = { a: range.name, b: next.name, overlap: formatRange(overlap) };
      return failure(diagnose("XI3212", params, { primary }));
    }
  }
  return { value: named.map(({ start, size }) => ({ start, size })), diagnostics: [] };
}

/** Disabled nodes included: to keep clear of what one of them names costs little, to overwrite it may cost much. */
export function reservedRanges(tree: DeviceTree, nodes: readonly Located[]): Outcome<readonly NamedRange[]> {
  const ranges: NamedRange[] = tree.reservations.map(({ address, size }) => ({
    name: "/memreserve/",
    start: physAddr(Number(address)),
    size: Number(size),
  }));
  for (const each of nodes.filter(isReserved)) {
    // Without a reg the operating system chooses the place.
    if (getProperty(each.node, "reg") === undefined) continue;
    const reg = readReg(each);
    if ("problem" in reg) return unusable(each.path, reg.problem);
    ranges.push(...reg.ranges.map((range) => ({ name: each.path, ...range })));
  }
  return { value: ranges.filter(({ size }) => size > 0).sort((a, b) => a.start - b.start), diagnostics: [] };
}

/** Registers: every reg that the CPUs reach and that is no memory. */
export const deviceRanges = (nodes: readonly Located[]): readonly NamedRange[] =>
  nodes
    .filter((each) => !isMemory(each) && !isReserved(each) && baseName(each.node.name) !== "memory")
    .flatMap((each) => (regOf(each) ?? []).map((range) => ({ name: each.path, ...range })))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.start - b.start);
