import type { DeviceTree, Located } from "dtc-js";
import { getProperty, readString, walk } from "dtc-js";
import { baseName, findNode } from "dtc-js";
import { nearest } from "../../base/suggest.ts";

/** The nodes of a board's tree that stand for hardware, by everything that a user may call them. */
export interface DeviceNames {
  readonly find: (name: string) => Located | undefined;
  /** The shortest name that is this device's alone. */
  readonly shortest: (device: Located) => string;
  /** What a name that no device has most likely means: one spelt like it, else the only one at its address, or so called. */
  readonly likely: (name: string) => string | undefined;
}

/** Devicetree Specification 0.4, 3: what is no device; the hypervisor's tree has its own /chosen. */
const isAbout = /^\/(chosen|aliases|__symbols__)(\/|$)/;

/**
 * A device is called by its path, an alias ("serial0"), a label (of a tree that dtc compiled with -@), or the name of its
 * node, with or without the unit address, where only one node has it.
 */
export function deviceNames(tree: DeviceTree): DeviceNames {
  const names = ofTrees.get(tree) ?? namesOf(tree);
  ofTrees.set(tree, names);
  return names;
}

/** Every domain asks the same board. */
const ofTrees = new WeakMap<DeviceTree, DeviceNames>();

function namesOf(tree: DeviceTree): DeviceNames {
  const nodes = [...walk(tree)].filter(({ parent, path }) => parent !== undefined && !isAbout.test(path));
  const byPath = new Map(nodes.map((located) => [located.path, located]));
  const named = new Map([...stringsOf(tree, "/__symbols__"), ...stringsOf(tree, "/aliases")]);
  const byName = (name: string): Located | undefined => {
    const exact = nodes.filter(({ node }) => node.name === name);
    const found = exact.length > 0 ? exact : nodes.filter(({ node }) => baseName(node.name) === name);
    return found.length === 1 ? found[0] : undefined;
  };
  const devices = nodes.filter(({ node }) => getProperty(node, "reg")).map(({ node }) => node.name);
  const find = onceEach(
    (name): Located | undefined =>
      byPath.get(named.get(name) ?? name) ?? (name.startsWith("/") ? undefined : byName(name)),
  );
  return {
    find,
    shortest: ({ node, path }) =>
      [...named.keys(), baseName(node.name), node.name]
        .filter((name) => find(name)?.path === path)
        .reduce((short, name) => (name.length < short.length ? name : short), path),
    likely: onceEach((name) => nearest(name, [...named.keys(), ...devices]) ?? only(devices, partsOf(name))),
  };
}

/** The same function, which computes each answer once. */
function onceEach<T>(answer: (name: string) => T): (name: string) => T {
  const answers = new Map<string, { readonly found: T }>();
  return (name) => {
    const known = answers.get(name) ?? { found: answer(name) };
    answers.set(name, known);
    return known.found;
  };
}

const partsOf = (name: string): { readonly base: string; readonly address: string | undefined } => {
  const [base = "", address] = name.slice(name.lastIndexOf("/") + 1).split("@");
  return { base, address };
};

function only(devices: readonly string[], wanted: ReturnType<typeof partsOf>): string | undefined {
  const at = devices.filter((name) => wanted.address !== undefined && partsOf(name).address === wanted.address);
  const called = devices.filter((name) => partsOf(name).base === wanted.base);
  return [at, called].find((found) => found.length === 1)?.[0];
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
