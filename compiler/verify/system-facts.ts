import type { DeviceTree, Node } from "dtc-js";
import { findNode, getProperty, readCell, readStrings, readU64s } from "dtc-js";

export interface FoundRange {
  readonly start: number;
  readonly size: number;
}

export interface FoundDomain {
  readonly name: string;
  readonly cpus: number | undefined;
  readonly banks: readonly FoundRange[];
  readonly modules: readonly FoundRange[];
}

/** What a device tree says in Xen's bindings, read afresh: nothing of LOWER is used. */
export function systemFacts(tree: DeviceTree): {
  readonly heap: readonly FoundRange[];
  readonly domains: readonly FoundDomain[];
} {
  const chosen = findNode(tree, "/chosen");
  const children = chosen?.children ?? [];
  return {
    heap: chosen ? rangesOf(chosen, "xen,static-heap") : [],
    domains: children.filter((node) => compatible(node, "xen,domain")).map(domainOf),
  };
}

function domainOf(node: Node): FoundDomain {
  const cpus = getProperty(node, "cpus");
  return {
    name: node.name,
    cpus: cpus && readCell(cpus.value),
    banks: rangesOf(node, "xen,static-mem"),
    modules: node.children
      .filter((child) => compatible(child, "multiboot,module"))
      .flatMap((child) => rangesOf(child, "reg")),
  };
}

function compatible(node: Node, name: string): boolean {
  const property = getProperty(node, "compatible");
  return property !== undefined && (readStrings(property.value) ?? []).includes(name);
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
