import type { DeviceTree, Located } from "dtc-js";
import { getProperty, readString, walk } from "dtc-js";
import { baseName, findNode } from "dtc-js";

/** The nodes of a board's tree that stand for hardware, by everything that a user may call them. */
export interface DeviceNames {
  readonly find: (name: string) => Located | undefined;
  /** Names without a path, for suggestions: aliases, labels and nodes. */
  readonly known: readonly string[];
}

/** Devicetree Specification 0.4, 3: what is no device; the hypervisor's tree has its own /chosen. */
const isAbout = /^\/(chosen|aliases|__symbols__)(\/|$)/;

/**
 * A device is called by its path, an alias ("serial0"), a label (of a tree that dtc compiled with -@), or the name of its
 * node, with or without the unit address, where only one node has it.
 */
export function deviceNames(tree: DeviceTree): DeviceNames {
  const nodes = [...walk(tree)].filter(({ parent, path }) => parent !== undefined && !isAbout.test(path));
  const byPath = new Map(nodes.map((located) => [located.path, located]));
  const named = new Map([...stringsOf(tree, "/__symbols__"), ...stringsOf(tree, "/aliases")]);
  const byName = (name: string): Located | undefined => {
    const exact = nodes.filter(({ node }) => node.name === name);
    const found = exact.length > 0 ? exact : nodes.filter(({ node }) => baseName(node.name) === name);
    return found.length === 1 ? found[0] : undefined;
  };
  return {
    find: (name) => byPath.get(named.get(name) ?? name) ?? (name.startsWith("/") ? undefined : byName(name)),
    known: [...named.keys(), ...nodes.filter(({ node }) => getProperty(node, "reg")).map(({ node }) => node.name)],
  };
}

export const childrenOf = (parent: Located): readonly Located[] =>
  parent.node.children.map((node) => ({ node, path: `${parent.path}/${node.name}`, parent }));

function stringsOf(tree: DeviceTree, path: string): readonly (readonly [string, string])[] {
  const properties = findNode(tree, path)?.properties ?? [];
  return properties.flatMap(({ name, value }) => {
    const text = readString(value);
    return text === undefined ? [] : [[name, text] as const];
  });
}
