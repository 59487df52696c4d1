import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceTree } from "dtc-js";
import { addNode, cells, encode, node, property, setProperty, strings } from "dtc-js";
import type { BuiltSystem } from "./systems.ts";
import { readTree } from "./systems.ts";

/** A XenStore as the core reads it from the device tree; domains are numbered from 1. */
export interface Store {
  /** Rights, path and value of each. */
  readonly entries: readonly (readonly [rights: string, path: string, value: string])[];
  /** The first may use what the second grants it. */
  readonly pairs?: readonly (readonly [backend: number, frontend: number])[];
  /** Domains that are to find the store. */
  readonly enabled?: readonly string[];
}

/** Puts a store into the system's tree, in place. */
export function withStore(built: BuiltSystem, store: Store): BuiltSystem {
  const path = join(built.output, "system.dtb");
  writeFileSync(path, encode(treeWithStore(readTree(path), store)));
  return built;
}

export function treeWithStore(tree: DeviceTree, { entries, pairs = [], enabled = [] }: Store): DeviceTree {
  const asked = enabled.reduce(
    (before, name) => setProperty(before, `/chosen/${name}`, property("xen,enhanced", strings("enabled"))),
    tree,
  );
  const properties = [
    property("compatible", strings("xenimg,xenstore")),
    property("xenimg,entries", strings(...entries.flat())),
    ...(pairs.length === 0 ? [] : [property("xenimg,pairs", cells(...pairs.flat()))]),
  ];
  return addNode(asked, "/chosen", node("xenstore", { properties }));
}
