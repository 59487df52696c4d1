import { writeFileSync } from "node:fs";
import { join } from "node:path";
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
export function withStore(built: BuiltSystem, { entries, pairs = [], enabled = [] }: Store): BuiltSystem {
  const path = join(built.output, "system.dtb");
  const asked = enabled.reduce(
    (tree, name) => setProperty(tree, `/chosen/${name}`, property("xen,enhanced", strings("enabled"))),
    readTree(path),
  );
  const properties = [
    property("compatible", strings("xenimg,xenstore")),
    property("xenimg,entries", strings(...entries.flat())),
    ...(pairs.length === 0 ? [] : [property("xenimg,pairs", cells(...pairs.flat()))]),
  ];
  writeFileSync(path, encode(addNode(asked, "/chosen", node("xenstore", { properties }))));
  return built;
}
