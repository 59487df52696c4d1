import type { DeviceTree, Node } from "dtc-js";
import { addNode, cells, findNode, node, property, reservation, strings } from "dtc-js";
import { rangesInCells } from "../base/cells.ts";
import type { Range } from "../base/ranges.ts";
import { hex } from "../base/units.ts";
import type { BoardFirmware } from "../ir/board.ts";
import { deviceType } from "./nodes.ts";
import { addressCells, sizeCells } from "./reg.ts";

/** The tree as the board's firmware hands it on; undefined where its RAM does not fit the root's cells. */
export function afterFirmware(tree: DeviceTree, firmware: BoardFirmware): DeviceTree | undefined {
  const { memory, reserved = [], psci } = firmware;
  const withRam = memory === undefined ? tree : withMemory(tree, memory.map(toRange));
  if (withRam === undefined) return undefined;
  const kept = reserved.map(({ at, size }) => reservation(at, size));
  const whole = { ...withRam, reservations: [...withRam.reservations, ...kept] };
  return psci === undefined ? whole : withPsci(whole, psci);
}

const toRange = ({ at, size }: { at: number; size: number }): Range<number> => ({ start: at, size });

/** Devicetree Specification 0.4, 3.4: all of the RAM in one node. */
function withMemory(tree: DeviceTree, memory: readonly Range<number>[]): DeviceTree | undefined {
  const { root } = tree;
  const reg = rangesInCells(memory, { address: addressCells(root), size: sizeCells(root) });
  if (reg === undefined) return undefined;
  const rest = root.children.filter((child) => deviceType(child) !== "memory");
  const name = `memory@${hex(memory[0]?.start ?? 0).slice(2)}`;
  const ram = node(name, { properties: [property("device_type", strings("memory")), property("reg", cells(...reg))] });
  return { ...tree, root: { ...root, children: [...rest, ram] } };
}

/** Binding psci.yaml, and enable-method of each CPU in cpus.yaml. */
function withPsci(tree: DeviceTree, method: "smc" | "hvc"): DeviceTree {
  const psci = node("psci", {
    properties: [property("compatible", strings("arm,psci-1.0", "arm,psci-0.2")), property("method", strings(method))],
  });
  const cpus = findNode(tree, "/cpus");
  const started = cpus && {
    ...cpus,
    properties: cpus.properties.filter(({ name }) => name !== "enable-method"),
    children: cpus.children.map((child) => (deviceType(child) === "cpu" ? startedByPsci(child) : child)),
  };
  return addNode(started ? addNode(tree, "/", started) : tree, "/", psci);
}

const startedByPsci = (cpu: Node): Node => ({
  ...cpu,
  properties: [
    ...cpu.properties.filter(({ name }) => name !== "enable-method" && name !== "cpu-release-addr"),
    property("enable-method", strings("psci")),
  ],
});
