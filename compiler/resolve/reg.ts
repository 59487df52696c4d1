import type { Located, Node, Value } from "dtc-js";
import { cells, cells64, concat, getProperty, readCell, readCells } from "dtc-js";
import type { Range } from "../base/ranges.ts";
import { hex, physAddr } from "../base/units.ts";
import type { PhysAddr } from "../base/units.ts";

/** Above this an address is no address that Arm has, and a double would round it. */
const addressLimit = 2 ** 52;

/** Devicetree Specification 0.4, 2.3.5: the defaults where a parent says nothing. */
export const addressCells = (node: Node): number => cellOf(node, "#address-cells") ?? 2;
export const sizeCells = (node: Node): number => cellOf(node, "#size-cells") ?? 1;

function cellOf(node: Node, name: string): number | undefined {
  const property = getProperty(node, name);
  return property && readCell(property.value);
}

/** Tuples of numbers of so many cells each; undefined if the value does not divide into them. */
export function tuples(
  node: Node,
  name: string,
  widths: readonly number[],
): readonly (readonly number[])[] | undefined {
  const property = getProperty(node, name);
  const cells = property && readCells(property.value);
  const width = widths.reduce((sum, each) => sum + each, 0);
  if (cells === undefined || width === 0 || cells.length % width !== 0) return undefined;
  return Array.from({ length: cells.length / width }, (_, index) => {
    let at = index * width;
    return widths.map((each) => {
      const value = numberOf(cells.slice(at, at + each));
      at += each;
      return value;
    });
  });
}

/** The node's `reg`, or what is wrong with it, in words. */
export type Reg = { readonly ranges: readonly Range<PhysAddr>[] } | { readonly problem: string };

/** The node's `reg` as the CPUs see it: through the `ranges` of each bus above it. */
export function readReg({ node, parent }: Located): Reg {
  const property = getProperty(node, "reg");
  if (property === undefined || parent === undefined) return { problem: "it has no reg" };
  const widths = [addressCells(parent.node), sizeCells(parent.node)];
  const [address = 0, size = 0] = widths;
  const declared = `${address} and ${size} cells, as ${parent.path} declares`;
  if (size === 0) return { problem: `its reg is no range of addresses: ${parent.path} declares sizes of no cells` };
  // Three cells are a PCI address: nothing that the CPUs see before the bus is set up.
  if (address > 2)
    return { problem: `its reg has addresses of ${address} cells: ${parent.path} is a bus of another kind` };
  const entries = tuples(node, "reg", widths);
  if (entries === undefined)
    return {
      problem: `its reg of ${property.value.bytes.length} bytes is no list of addresses and sizes of ${declared}`,
    };
  const ranges: Range<PhysAddr>[] = [];
  for (const [start = 0, length = 0] of entries) {
    const at = translate(parent, start);
    if (typeof at === "string") return { problem: at };
    if (at + length > addressLimit) return { problem: `its reg has ${hex(at)}, size ${hex(length)}, beyond 52 bits` };
    ranges.push({ start: physAddr(at), size: length });
  }
  return { ranges };
}

/** The same where it does not matter why there is none. */
export function regOf(node: Located): readonly Range<PhysAddr>[] | undefined {
  const reg = readReg(node);
  return "ranges" in reg ? reg.ranges : undefined;
}

/**
 * The node's `ranges` with its parent's addresses as the CPUs see them, in two cells each; undefined where it has none, or
 * none that the CPUs reach: without windows it would say that both sides have the same addresses. The node's own
 * addresses stay as they are, be they PCI's of three cells.
 */
export function rangesOf({ node, parent }: Located): Value | undefined {
  const property = getProperty(node, "ranges");
  if (property === undefined || parent === undefined) return undefined;
  if (property.value.bytes.length === 0) return parent.parent === undefined ? property.value : rangesOf(parent);
  const own = addressCells(node);
  const above = own + addressCells(parent.node);
  const width = above + sizeCells(node);
  const all = readCells(property.value) ?? [];
  if (all.length % width !== 0) return undefined;
  const windows = Array.from({ length: all.length / width }, (_, index) => {
    const window = all.slice(index * width, (index + 1) * width);
    const start = translate(parent, numberOf(window.slice(own, above)));
    const usable = typeof start === "number" && start < addressLimit;
    return usable ? [cells(...window.slice(0, own)), cells64(start), cells(...window.slice(above))] : [];
  }).flat();
  return windows.length === 0 ? undefined : concat(...windows);
}

const numberOf = (cells: readonly number[]): number => cells.reduce((high, low) => high * 2 ** 32 + low, 0);

/** The address in the root's space, or why there is none. */
function translate(bus: Located, address: number): number | string {
  let here: Located = bus;
  let at = address;
  while (here.parent) {
    const property = getProperty(here.node, "ranges");
    // The hypervisor reads /reserved-memory in the root's addresses, whether its `ranges` says so or is forgotten.
    if (property === undefined && here.path !== "/reserved-memory")
      return `the CPUs do not reach it: ${here.path} has no ranges`;
    if (property !== undefined && property.value.bytes.length > 0) {
      const widths = [addressCells(here.node), addressCells(here.parent.node), sizeCells(here.node)];
      const window = tuples(here.node, "ranges", widths)?.find(
        ([child = 0, , size = 0]) => child <= at && at < child + size,
      );
      if (window === undefined) return `the CPUs do not reach it: ${hex(at)} is in no window of ${here.path}'s ranges`;
      at = at - (window[0] ?? 0) + (window[1] ?? 0);
    }
    here = here.parent;
  }
  return at;
}
