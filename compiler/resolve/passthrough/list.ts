import type { DeviceTree, Located } from "dtc-js";
import { walk } from "dtc-js";
import type { BoardInterrupt } from "../../ir/devices.ts";
import { boardConsole } from "../console.ts";
import { deviceType, isAvailable } from "../nodes.ts";
import { regOf } from "../reg.ts";
import { doesDma } from "./dma.ts";
import { deviceNames } from "./find.ts";
import { interruptsOf, isGic } from "./interrupts.ts";

/** A device that a domain may be given. */
export interface BoardDevice {
  /** The shortest by which `passthrough` may call it. */
  readonly name: string;
  readonly path: string;
  /** Those that the GIC takes. */
  readonly interrupts: readonly BoardInterrupt[];
  /** May read or write memory by itself: only for a direct-mapped domain. */
  readonly dma: boolean;
  /** The tree does not call it disabled. */
  readonly enabled: boolean;
}

/**
 * What has registers that the CPUs reach, in the tree's order; but for RAM and its reserved parts, and for what the
 * hypervisor drives itself: the interrupt controller, with all below it, and the console that the tree names.
 */
export function boardDevices(tree: DeviceTree): readonly BoardDevice[] {
  const nodes = [...walk(tree)];
  const console = boardConsole(nodes)?.path;
  const names = deviceNames(tree);
  return nodes
    .filter((each) => each.path !== console && hasRegisters(each))
    .map((device) => ({
      name: names.shortest(device),
      path: device.path,
      interrupts: interruptsOf(device, tree),
      dma: doesDma(device),
      enabled: isAvailable(device),
    }));
}

/** Whether the CPUs reach registers of it that are a device's, and not the interrupt controller's. */
export const hasRegisters = (located: Located): boolean =>
  isDevice(located) && (regOf(located) ?? []).some(({ size }) => size > 0);

function isDevice(located: Located): boolean {
  if (deviceType(located.node) === "memory" || /^\/(reserved-memory|memory)(@|\/|$)/.test(located.path)) return false;
  for (let here: Located | undefined = located; here; here = here.parent) if (isGic(here.node)) return false;
  return located.parent !== undefined;
}
