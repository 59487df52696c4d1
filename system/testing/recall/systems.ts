import type { DeviceTree, Node, Property } from "dtc-js";
import {
  addNode,
  cells,
  cells64,
  decode,
  empty,
  encode,
  findNode,
  getProperty,
  node,
  property,
  readStrings,
  readU64s,
  removeProperty,
  setProperty,
} from "dtc-js";
import type { QemuVirtParameters } from "../../../boards/index.ts";
import { qemuVirt } from "../../../boards/index.ts";
import type { DomainInput, RegionInput, SystemInput } from "../../../compiler/index.ts";
import { guest } from "../paths.ts";
import type { Loads } from "../unchecked.ts";

export type Edit = (tree: DeviceTree) => DeviceTree;
export type Domain = DomainInput;

/** A small machine with two CPUs. `edit` is what its device tree has wrong. */
export function board(parameters: Partial<QemuVirtParameters> = {}, edit?: Edit): SystemInput["board"] {
  const profile = qemuVirt({ gic: 3, cpus: 2, memory: "1GiB", ...parameters });
  if (edit === undefined) return profile;
  const decoded = decode(profile.deviceTree);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return { ...profile, deviceTree: encode(edit(decoded.value)) };
}

/** Says "ready: ui" by the name of `ui`. */
export const hello = (name: string, more: Partial<Domain> = {}): Domain => ({
  kernel: guest("hello"),
  bootargs: `name=${name}`,
  memory: "32MiB",
  ...more,
});

/** What upstream Xen needs to be watched; the core does not mind. */
export const watched = "console=dtuart guest_loglvl=all loglvl=all";

/** Two guests, "ui" and "other"; `more` replaces what it names. */
export const system = (more: Partial<SystemInput> = {}): SystemInput => ({
  board: board(),
  hypervisor: { bootargs: watched },
  domains: { ui: hello("ui"), other: hello("other") },
  ...more,
});

/** One guest, "ui", and what it has that is not as usual. */
export const alone = (more: Partial<Domain>): SystemInput => system({ domains: { ui: hello("ui", more) } });

/** The same with a value that no type allows. */
export const aloneWith = (more: object): unknown => system({ domains: { ui: { ...hello("ui"), ...more } } });

export const bank = (at: number, size: number | string = "32MiB"): readonly RegionInput[] => [{ at, size }];

/** A board's tree with a mistake: the compiler reads it, and the machine gets it. */
export const badBoard = (
  edit: Edit,
  parameters: Partial<QemuVirtParameters> = {},
): { readonly wrong: SystemInput; readonly sound: SystemInput; readonly damage: (loads: Loads) => Loads } => ({
  wrong: system({ board: board(parameters, edit) }),
  sound: system({ board: board(parameters) }),
  damage: inTree(edit),
});

export const inTree =
  (edit: Edit) =>
  (loads: Loads): Loads => ({ ...loads, tree: edit(loads.tree) });

/** The device tree's own bytes. */
export const inBlob =
  (edit: (blob: DataView) => void) =>
  (loads: Loads): Loads => {
    const blob = encode(loads.tree);
    edit(new DataView(blob.buffer, blob.byteOffset, blob.byteLength));
    return { ...loads, blob };
  };

/** Another file in the place of a module; the tree knows its size. */
export const inModule =
  (domain: string, kind: string, bytes: Uint8Array) =>
  (loads: Loads): Loads => {
    const path = modulePath(loads.tree, domain, kind);
    const reg = getProperty(nodeAt(loads.tree, path), "reg");
    const [at = 0n] = (reg && readU64s(reg.value)) ?? [];
    return {
      ...loads,
      files: loads.files.map((file) =>
        BigInt(file.at) === at ? { ...file, content: { kind: "bytes", bytes } as const } : file,
      ),
      tree: setProperty(loads.tree, path, property("reg", cells64(at, bytes.length))),
    };
  };

export function nodeAt(tree: DeviceTree, path: string): Node {
  const found = findNode(tree, path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return found;
}

/** The path of the child that has a property. */
export function childWith(tree: DeviceTree, parent: string, name: string): string {
  const child = nodeAt(tree, parent).children.find((each) => getProperty(each, name) !== undefined);
  if (child === undefined) throw new Error(`nothing in ${parent} has ${name}`);
  return `${parent}/${child.name}`;
}

export function modulePath(tree: DeviceTree, domain: string, kind: string): string {
  const module = nodeAt(tree, `/chosen/${domain}`).children.find((each) => {
    const compatible = getProperty(each, "compatible");
    return (compatible ? (readStrings(compatible.value) ?? []) : []).includes(`multiboot,${kind}`);
  });
  if (module === undefined) throw new Error(`${domain} has no ${kind}`);
  return `/chosen/${domain}/${module.name}`;
}

export const set = (path: string, changed: Property) => inTree((tree) => setProperty(tree, path, changed));

/** Of the child of `parent` that has the property `of`. */
export const setInChild = (parent: string, of: string, changed: Property) =>
  inTree((tree) => setProperty(tree, childWith(tree, parent, of), changed));

export const drop = (path: string, name: string) => inTree((tree) => removeProperty(tree, path, name));

export const memoryNode = (tree: DeviceTree): string => `/${rootChild(tree, "memory")}`;
export const gicNode = (tree: DeviceTree): string => `/${rootChild(tree, "intc")}`;

function rootChild(tree: DeviceTree, prefix: string): string {
  const child = tree.root.children.find(({ name }) => name.startsWith(prefix));
  if (child === undefined) throw new Error(`the board has no ${prefix}`);
  return child.name;
}

/** The board's RAM, said otherwise. */
export const ram =
  (...numbers: readonly number[]): Edit =>
  (tree) =>
    setProperty(tree, memoryNode(tree), property("reg", cells64(...numbers)));

/** In front of the tree's other nodes, so that it is read first. */
export const reserved =
  (...children: readonly Node[]): Edit =>
  (tree) => {
    const memory = node("reserved-memory", {
      properties: [property("#address-cells", cells(2)), property("#size-cells", cells(2)), property("ranges", empty)],
      children,
    });
    return { ...tree, root: { ...tree.root, children: [memory, ...tree.root.children] } };
  };

export const withNode =
  (parent: string, child: Node): Edit =>
  (tree) =>
    addNode(tree, parent, child);
