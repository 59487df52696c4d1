import type { DeviceTree, Node, Value } from "dtc-js";
import { findNode, getProperty, readCell, readCells, readStrings, readU64s, walk } from "dtc-js";

import { rollbackProperty } from "../ir/plan.ts";

export interface FoundRange {
  readonly start: number;
  readonly size: number;
}

export interface FoundDomain {
  readonly name: string;
  readonly node: Node;
  readonly cpus: number | undefined;
  readonly banks: readonly FoundRange[];
  readonly modules: readonly FoundRange[];
  /** Machine address, guest address, size of shared memory, by its identifier. */
  readonly views: Readonly<Record<string, readonly number[]>>;
  /** Ports, and the names of their own and the other ends' nodes. */
  readonly ports: readonly { readonly port: number; readonly phandle: number; readonly other: number }[];
}

/** What a device tree says in Xen's bindings, read afresh: nothing of LOWER is used. */
export function systemFacts(tree: DeviceTree): {
  readonly heap: readonly FoundRange[];
  /** The hypervisor's own: a policy. */
  readonly modules: readonly FoundRange[];
  readonly domains: readonly FoundDomain[];
  /** Paths of the board's nodes that no dom0 would touch. */
  readonly assigned: readonly string[];
  /** 0 where none is said; undefined where something else is. */
  readonly rollbackIndex: number | undefined;
} {
  const chosen = findNode(tree, "/chosen");
  const children = chosen?.children ?? [];
  return {
    rollbackIndex: chosen ? rollbackIndexIn(chosen) : 0,
    heap: chosen ? heapOf(chosen, tree.root) : [],
    modules: chosen ? modulesBelow(chosen) : [],
    domains: children.filter((node) => compatible(node, "xen,domain")).map(domainOf),
    assigned: [...walk(tree)].filter(({ node }) => getProperty(node, "xen,passthrough")).map(({ path }) => path),
  };
}

/** What a node says of itself in one cell; 0 where it says nothing. */
export function rollbackIndexIn(node: Node): number | undefined {
  const found = getProperty(node, rollbackProperty);
  return found ? readCell(found.value) : 0;
}

function domainOf(node: Node): FoundDomain {
  const cpus = getProperty(node, "cpus");
  return {
    name: node.name,
    node,
    cpus: cpus && readCell(cpus.value),
    banks: rangesOf(node, "xen,static-mem"),
    modules: modulesBelow(node),
    views: Object.fromEntries(
      node.children
        .filter((child) => compatible(child, "xen,domain-shared-memory-v1"))
        .map((child) => [text(child, "xen,shm-id"), numbers(child, "xen,shared-mem", readU64s)]),
    ),
    ports: node.children
      .filter((child) => compatible(child, "xen,evtchn-v1"))
      .map((child) => {
        const [port = 0, other = 0] = numbers(child, "xen,evtchn", readCells);
        const [phandle = 0] = numbers(child, "phandle", readCells);
        return { port, phandle, other };
      }),
  };
}

const modulesBelow = ({ children }: Node): readonly FoundRange[] =>
  children.filter((child) => compatible(child, "multiboot,module")).flatMap((child) => rangesOf(child, "reg"));

/** Machine address, size and guest address of every region that a partial tree of two-cell numbers assigns. */
export const regionsIn = (tree: DeviceTree): readonly (readonly number[])[] =>
  [...walk(tree)].flatMap(({ node, parent }) => {
    const width = (name: string, otherwise: number): number =>
      (parent && numbers(parent.node, name, readCells)[0]) ?? otherwise;
    const [address, size] = [width("#address-cells", 2), width("#size-cells", 1)];
    const cells = numbers(node, "xen,reg", readCells);
    const number = (at: number, count: number): number =>
      cells.slice(at, at + count).reduce((high, low) => high * 2 ** 32 + low, 0);
    const each = 2 * address + size;
    return Array.from({ length: cells.length / each }, (_, index) => {
      const at = index * each;
      return [number(at, address), number(at + address, size), number(at + address + size, address)];
    });
  });

function text(node: Node, name: string): string {
  const property = getProperty(node, name);
  return (property && readStrings(property.value)?.[0]) ?? "";
}

function numbers(
  node: Node,
  name: string,
  read: (value: Value) => readonly (number | bigint)[] | undefined,
): readonly number[] {
  const property = getProperty(node, name);
  return ((property && read(property.value)) ?? []).map(Number);
}

function compatible(node: Node, name: string): boolean {
  const property = getProperty(node, "compatible");
  return property !== undefined && (readStrings(property.value) ?? []).includes(name);
}

/** Pairs in the root's cells; what goes on where another ends is one range. */
function heapOf(chosen: Node, root: Node): readonly FoundRange[] {
  const widths = [numbers(root, "#address-cells", readCells)[0] ?? 2, numbers(root, "#size-cells", readCells)[0] ?? 1];
  const rest = [...numbers(chosen, "xen,static-heap", readCells)];
  const ranges: FoundRange[] = [];
  while (rest.length > 0) {
    const [start = 0, size = 0] = widths.map((width) =>
      rest.splice(0, width).reduce((high, low) => high * 2 ** 32 + low, 0),
    );
    const last = ranges.at(-1);
    if (last && last.start + last.size === start) ranges[ranges.length - 1] = { ...last, size: last.size + size };
    else ranges.push({ start, size });
  }
  return ranges;
}

/** Pairs of two-cell addresses and sizes, as this compiler's trees declare them. */
function rangesOf(node: Node, name: string): readonly FoundRange[] {
  const property = getProperty(node, name);
  const numbers = (property && readU64s(property.value)) ?? [];
  return Array.from({ length: numbers.length / 2 }, (_, index) => ({
    start: Number(numbers[index * 2]),
    size: Number(numbers[index * 2 + 1]),
  }));
}
