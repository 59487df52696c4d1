import type { DeviceTree, Node } from "dtc-js";
import { decode, findNode, getProperty, readStrings, readU64s } from "dtc-js";
import type { BoardInput, ProfileCall } from "../compiler/index.ts";
import { GiB, MiB } from "../compiler/index.ts";
import { am62xSk } from "./am62x-sk/profile.ts";
import { imx8mpEvk } from "./imx8mp-evk/profile.ts";
import type { QemuVirtParameters } from "./qemu-virt/profile.ts";
import { cpuModels, qemuVirt } from "./qemu-virt/profile.ts";
import { rcarH3Salvator } from "./rcar-h3-salvator/profile.ts";
import type { VendorBoardParameters } from "./vendor.ts";
import { xlnxVersalVirt } from "./xlnx-versal-virt/profile.ts";
import { xlnxZcu102 } from "./xlnx-zcu102/profile.ts";

/** Those whose only parameter is the vendor's device tree. A Raspberry Pi's does not say how much RAM it has. */
const vendors: Readonly<Record<string, (parameters: VendorBoardParameters) => BoardInput>> = {
  am62xSk,
  imx8mpEvk,
  rcarH3Salvator,
  xlnxZcu102,
};

/**
 * The profile that a device tree is of, with its parameters: an emulated machine's where the profile makes the same tree,
 * but for /chosen; a vendor's where the tree calls itself so. `path` is where `board.ts` finds the tree.
 */
export function recognise(blob: Uint8Array, path: string): ProfileCall | undefined {
  const tree = treeOf(blob);
  return tree && (emulated(tree) ?? vendor(tree, path));
}

function vendor({ root }: DeviceTree, deviceTree: string): ProfileCall | undefined {
  const names = compatibles(root);
  for (const [profile, make] of Object.entries(vendors)) {
    const { compatible = [], cpus } = make({ deviceTree });
    if (compatible.some((name) => names.includes(name))) return { profile, parameters: { deviceTree }, cpus };
  }
  return undefined;
}

function emulated(tree: DeviceTree): ProfileCall | undefined {
  const memory = memoryOf(tree);
  if (memory === 0 || memory % MiB(1) !== 0) return undefined;
  const names = compatibles(tree.root);
  if (names.includes("linux,dummy-virt")) return virt(tree, memory);
  if (!names.includes("xlnx-versal-virt")) return undefined;
  return sameAs(tree, "xlnxVersalVirt", { memory }, () => xlnxVersalVirt({ memory }));
}

/** Two models have the same name in the tree: the one that is usual is tried first. */
function virt(tree: DeviceTree, memory: number): ProfileCall | undefined {
  const cpus = (findNode(tree, "/cpus")?.children ?? []).filter(({ name }) => name.startsWith("cpu@")).length;
  const gic = findNode(tree, "/intc@8000000");
  const version = gic && compatibles(gic).includes("arm,gic-v3") ? 3 : 2;
  for (const cpu of ["cortex-a57" as const, ...cpuModels]) {
    const parameters = { gic: version, cpus, memory, ...(cpu !== "cortex-a57" && { cpu }) } as const;
    const call = sameAs(tree, "qemuVirt", parameters, () => qemuVirt(parameters as QemuVirtParameters));
    if (call) return call;
  }
  return undefined;
}

function sameAs(
  tree: DeviceTree,
  profile: string,
  parameters: ProfileCall["parameters"],
  make: () => { readonly deviceTree: Uint8Array; readonly cpus: readonly string[] },
): ProfileCall | undefined {
  try {
    const board = make();
    const made = treeOf(board.deviceTree);
    if (made === undefined || print(made) !== print(tree)) return undefined;
    const { memory, ...rest } = parameters;
    return { profile, parameters: { ...rest, ...(memory !== undefined && { memory }) }, cpus: board.cpus };
  } catch (error) {
    // The profile has no machine with these parameters.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const print = ({ root, reservations }: DeviceTree): string =>
  JSON.stringify([lines(root), reservations.map(({ address, size }) => [String(address), String(size)])]);

/** Every node but /chosen as lines, properties with their bytes. */
const lines = ({ properties, children }: Node): readonly unknown[] => [
  ...properties.map(({ name, value }) => `${name}=${value.bytes.join()}`),
  ...children.filter(({ name }) => name !== "chosen").map((child) => [child.name, lines(child)]),
];

function treeOf(blob: Uint8Array): DeviceTree | undefined {
  const decoded = decode(blob);
  return decoded.ok ? decoded.value : undefined;
}

function compatibles(node: Node): readonly string[] {
  const property = getProperty(node, "compatible");
  return (property && readStrings(property.value)) ?? [];
}

/** Bytes of RAM in all memory nodes, whose addresses and sizes are of 64 bits on these machines. */
function memoryOf({ root }: DeviceTree): number {
  const pairs = root.children
    .filter(({ name }) => name.startsWith("memory@"))
    .flatMap(({ properties }) => properties.find(({ name }) => name === "reg") ?? [])
    .flatMap(({ value }) => readU64s(value) ?? []);
  const sum = pairs.reduce((total, value, index) => (index % 2 === 1 ? total + Number(value) : total), 0);
  return sum <= GiB(2 ** 20) ? sum : 0;
}
