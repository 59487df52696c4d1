import type { Located, Node, Property } from "dtc-js";
import { getProperty, phandleOf } from "dtc-js";
import { compatibleWith } from "../nodes.ts";
import { childrenOf } from "./find.ts";
import { hasRegisters } from "./list.ts";
import type { Phandles, Reference } from "./references.ts";
import { referencesIn } from "./references.ts";

/**
 * Providers that are descriptions and no hardware, as long as they need nothing that is: bindings fixed-clock.yaml,
 * fixed-factor-clock.yaml, fixed-regulator.yaml, usb-nop-xceiv.yaml, opp-v2.yaml. A guest may have a copy of each.
 */
const descriptions = ["fixed-clock", "fixed-factor-clock", "regulator-fixed", "usb-nop-xceiv", "operating-points-v2"];

/** A property that the guest does not see, and the nodes that it would lead to. */
export interface MissingProvider {
  readonly property: string;
  /** Path of the bus or wrapper above the device that has the property; the guest does not see that at all. */
  readonly bus?: string;
  /** Paths in the board's tree; "" for one that the board does not have, or that cannot be read. */
  readonly providers: readonly string[];
  /** Whether one of them may be the domain's, too: it has registers, is part of what has, or describes what may hang on such. */
  readonly assignable: boolean;
}

/** What the guest sees of the board: the devices, and copies of what they name and needs no hardware. */
export interface Closure {
  readonly copies: readonly Located[];
  /** Properties of a node that lead to nodes which it does not see, or say more of such properties. */
  readonly isLeftOut: (property: Property, owner: Node) => boolean;
  /** Of a device and all below it: what is left out because its providers stay behind. */
  readonly missingOf: (device: Located) => readonly MissingProvider[];
  readonly keeps: ReadonlySet<number>;
  /** The phandle that stands for the guest's interrupt controller: none of the board's. */
  readonly gic: number;
}

export function closureOf(devices: readonly Located[], phandles: Phandles): Closure {
  const keeps = new Set(devices.flatMap(({ node }) => phandlesBelow(node)));
  const copies = new Map<string, Located>();
  const refused = new Set<string>();
  for (const device of devices)
    for (const reference of allReferences(device, phandles))
      if (reference?.node && !keeps.has(reference.handle)) add(reference.node, { keeps, copies, refused }, phandles);
  const leadsAway = (property: Property, owner: Node): boolean =>
    referencesIn(property, owner, phandles)?.some((each) => each === undefined || !keeps.has(each.handle)) ?? false;
  return {
    copies: [...copies.values()],
    keeps,
    gic: lowestUnused(phandles),
    isLeftOut: (property, owner) =>
      leadsAway(property, owner) ||
      owner.properties.some((other) => belongs(property, other) && leadsAway(other, owner)),
    missingOf: (device) => [...united(missingBelow(device, keeps, phandles)), ...missingAbove(device, phandles)],
  };
}

/**
 * As low as it can be: Xen 4.22 builds no guest's tree from a partial one with a phandle above 0xfde6, its own for the
 * controller (xen/include/public/device_tree_defs.h) among them: "Device tree generation failed (-75)", measured.
 */
function lowestUnused(phandles: Phandles): number {
  let handle = 1;
  while (phandles.has(handle)) handle += 1;
  return handle;
}

interface Seen {
  readonly keeps: Set<number>;
  readonly copies: Map<string, Located>;
  /** Paths of those that cannot be copied: many properties may name one. */
  readonly refused: Set<string>;
}

/** Takes a provider into what the guest sees, with all that it needs; or nothing of it. */
function add(provider: Located, seen: Seen, phandles: Phandles): void {
  if (seen.refused.has(provider.path)) return;
  const needed = new Map<string, Located>();
  if (!isCopiable(provider, seen.keeps, needed, phandles)) {
    seen.refused.add(provider.path);
    return;
  }
  for (const [path, each] of needed) {
    seen.copies.set(path, each);
    for (const handle of phandlesBelow(each.node)) seen.keeps.add(handle);
  }
}

/** So many descriptions one provider may need. No real one needs ten, and a partial tree has no room for many more. */
const mostNeeded = 100;

/** Whether it and all that it names can be copied; `needed` are those, in the order in which they are met. */
function isCopiable(
  first: Located,
  keeps: ReadonlySet<number>,
  needed: Map<string, Located>,
  phandles: Phandles,
): boolean {
  const waiting = [first];
  for (let provider = waiting.pop(); provider; provider = waiting.pop()) {
    if (needed.has(provider.path)) continue;
    if (!isDescription(provider) || needed.size >= mostNeeded) return false;
    needed.set(provider.path, provider);
    const own = new Set(phandlesBelow(provider.node));
    const outside = allReferences(provider, phandles).filter(
      (each) => each === undefined || !(keeps.has(each.handle) || own.has(each.handle)),
    );
    const nodes = outside.flatMap((each) => each?.node ?? []);
    if (nodes.length < outside.length) return false;
    waiting.push(...nodes.toReversed());
  }
  return true;
}

const isDescription = ({ node }: Located): boolean =>
  compatibleWith(node, descriptions) && getProperty(node, "reg") === undefined;

const allReferences = (located: Located, phandles: Phandles): readonly Reference[] => [
  ...located.node.properties.flatMap((property) => referencesIn(property, located.node, phandles) ?? []),
  ...childrenOf(located).flatMap((child) => allReferences(child, phandles)),
];

function missingBelow(device: Located, keeps: ReadonlySet<number>, phandles: Phandles): readonly MissingProvider[] {
  const own = device.node.properties.flatMap((property) => {
    const away = (referencesIn(property, device.node, phandles) ?? []).filter(
      (each) => each === undefined || !keeps.has(each.handle),
    );
    return away.length === 0 ? [] : [{ property: property.name, ...providersIn(away) }];
  });
  return [...own, ...childrenOf(device).flatMap((child) => missingBelow(child, keeps, phandles))];
}

/** What a bus needs for what is on it to work (simple-pm-bus.yaml, and wrappers of controllers). */
const ofBuses = ["clocks", "interconnects", "power-domains", "resets"];

function missingAbove({ parent: bus }: Located, phandles: Phandles): readonly MissingProvider[] {
  if (bus?.parent === undefined) return [];
  const own = ofBuses.flatMap((name) => {
    const property = getProperty(bus.node, name);
    const providers = (property && referencesIn(property, bus.node, phandles)) ?? [];
    return providers.length === 0 ? [] : [{ property: name, bus: bus.path, ...providersIn(providers) }];
  });
  return [...own, ...missingAbove(bus, phandles)];
}

const providersIn = (references: readonly Reference[]): Pick<MissingProvider, "providers" | "assignable"> => ({
  providers: distinct(references.map((reference) => reference?.node?.path ?? "")),
  assignable: references.some((reference) => reference?.node && isAssignable(reference.node)),
});

const isAssignable = (provider: Located): boolean =>
  isDescription(provider) || hasRegisters(provider) || (provider.parent !== undefined && isAssignable(provider.parent));

const distinct = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];

/** One entry for each property, however many nodes below a device have it. */
const united = (all: readonly MissingProvider[]): readonly MissingProvider[] =>
  distinct(all.map(({ property }) => property)).map((property) => {
    const same = all.filter((each) => each.property === property);
    return {
      property,
      providers: distinct(same.flatMap(({ providers }) => providers)),
      assignable: same.some(({ assignable }) => assignable),
    };
  });

const phandlesBelow = (node: Node): readonly number[] => {
  const own = phandleOf(node);
  return [...(own === undefined ? [] : [own]), ...node.children.flatMap(phandlesBelow)];
};

/** Whether the one says nothing without the other: names, rates and masks of a list, and states of pins by their number. */
function belongs({ name }: Property, { name: list }: Property): boolean {
  if (name === list) return false;
  if (list.startsWith("pinctrl-")) return name.startsWith("pinctrl-");
  if (list.startsWith("assigned-clock")) return name.startsWith("assigned-clock");
  if (list.endsWith("-map")) return name === `${list}-mask`;
  if (!name.endsWith("-names")) return false;
  const stem = name.slice(0, -"-names".length);
  return [stem, `${stem}s`, `${stem}es`].includes(list);
}
