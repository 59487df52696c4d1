import type { DeviceTree, Node } from "dtc-js";
import { cells, cells64, deviceTree, node, property, strings } from "dtc-js";
import { psci } from "../psci.ts";
import { cpus } from "./cpus.ts";
import { pcie } from "./pcie.ts";
import { clock, gpio, gpioKeys, rtc, uart, virtioSlots } from "./devices.ts";
import { interruptController, ppis } from "./gic.ts";
import type { HighRegions } from "./memory-map.ts";
import { ramStart } from "./memory-map.ts";
import type { Phandles } from "./phandles.ts";
import { phandlesFor } from "./phandles.ts";

export interface VirtMachine {
  readonly gic: 2 | 3;
  readonly cpus: number;
  /** In bytes. */
  readonly memory: number;
  readonly compatible: string;
  readonly high: HighRegions;
}

/** The tree of `-machine virt,gic-version=2,virtualization=on`, or 3, in QEMU's own order, without the random seeds. */
export function virtTree(machine: VirtMachine): DeviceTree {
  const phandles = phandlesFor(machine.cpus);
  return deviceTree({
    properties: [
      property("interrupt-parent", cells(phandles.gic)),
      property("model", strings("linux,dummy-virt")),
      property("#size-cells", cells(2)),
      property("#address-cells", cells(2)),
      property("compatible", strings("linux,dummy-virt")),
    ],
    children: [
      psci,
      node("memory@40000000", {
        properties: [property("reg", cells64(ramStart, machine.memory)), property("device_type", strings("memory"))],
      }),
      platformBus(phandles),
      fwCfg,
      ...virtioSlots(),
      gpioKeys(phandles),
      gpio(phandles),
      pcie(machine.high, phandles),
      rtc(phandles),
      uart(phandles),
      node("pmu", {
        properties: [property("interrupts", ppis(machine, 7)), property("compatible", strings("arm,armv8-pmuv3"))],
      }),
      interruptController(machine.gic, phandles),
      flash,
      cpus(machine.cpus, machine.compatible, phandles),
      timer(machine),
      clock(phandles),
      node("chosen", { properties: [property("stdout-path", strings("/pl011@9000000"))] }),
    ],
  });
}

const platformBus = (phandles: Phandles) =>
  node("platform-bus@c000000", {
    properties: [
      property("interrupt-parent", cells(phandles.gic)),
      property("ranges", cells(0, 0, 0x0c00_0000, 0x0200_0000)),
      property("#address-cells", cells(1)),
      property("#size-cells", cells(1)),
      property("compatible", strings("qemu,platform", "simple-bus")),
    ],
  });

const fwCfg = node("fw-cfg@9020000", {
  properties: [
    property("dma-coherent"),
    property("reg", cells64(0x0902_0000, 0x18)),
    property("compatible", strings("qemu,fw-cfg-mmio")),
  ],
});

const flash = node("flash@0", {
  properties: [
    property("bank-width", cells(4)),
    property("reg", cells64(0, 0x0400_0000, 0x0400_0000, 0x0400_0000)),
    property("compatible", strings("cfi-flash")),
  ],
});

/** Secure physical, physical, virtual, hypervisor (PPIs 13, 14, 11, 10). */
const timer = (machine: VirtMachine): Node =>
  node("timer", {
    properties: [
      property("interrupts", ppis(machine, 13, 14, 11, 10)),
      property("always-on"),
      property("compatible", strings("arm,armv8-timer", "arm,armv7-timer")),
    ],
  });
