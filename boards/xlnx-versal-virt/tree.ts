import type { DeviceTree, Node, Value } from "dtc-js";
import { cells, cells64, concat, deviceTree, node, property, strings } from "dtc-js";
import { GiB } from "../../compiler/index.ts";
import { psci } from "../psci.ts";
import { cardHost, clock, dma, ethernet, management, phandles, uart, usb, virtioSlots } from "./devices.ts";

/** RAM begins at 0; what 2 GiB do not hold is at 32 GiB. */
const windows = { low: GiB(2), high: GiB(32) };
export const mostMemory = windows.low + GiB(32);

/** The tree of `-machine xlnx-versal-virt` with a `-kernel`, in QEMU's own order. `memory` in bytes. */
export function versalTree(memory: number): DeviceTree {
  return deviceTree({
    properties: [
      property("compatible", strings("xlnx-versal-virt")),
      property("model", strings("Xilinx Versal Virtual development board")),
      property("#address-cells", cells(2)),
      property("#size-cells", cells(2)),
      property("interrupt-parent", cells(phandles.gic)),
    ],
    children: [
      node("memory@0", { properties: [property("reg", ram(memory)), property("device_type", strings("memory"))] }),
      psci,
      clock("clk25", 25_000_000, phandles.clock25),
      clock("clk125", 125_000_000, phandles.clock125),
      cpus,
      ...management,
      cardHost(0xf104_0000, 126),
      cardHost(0xf105_0000, 128),
      usb,
      ...dma,
      // Secure physical, physical, virtual, hypervisor.
      node("timer", {
        properties: [property("compatible", strings("arm,armv8-timer")), property("interrupts", ppis(13, 14, 11, 10))],
      }),
      gic,
      uart(0xff00_0000, 18),
      uart(0xff01_0000, 19),
      ethernet(0xff0c_0000, 56, phandles.phys[0] ?? 0),
      ethernet(0xff0d_0000, 58, phandles.phys[1] ?? 0),
      ...virtioSlots,
      node("chosen", { properties: [property("stdout-path", strings("/uart@ff000000"))] }),
    ],
  });
}

const ram = (memory: number): Value =>
  memory <= windows.low ? cells64(0, memory) : cells64(0, windows.low, windows.high, memory - windows.low);

/** GIC binding: type (1 PPI), number within the type, trigger (4 level high). */
const ppis = (...numbers: readonly number[]): Value => concat(...numbers.map((number) => cells(1, number, 4)));

const cpu = (index: number): Node =>
  node(`cpu@${index}`, {
    properties: [
      property("compatible", strings("arm,cortex-a72")),
      property("device_type", strings("cpu")),
      property("enable-method", strings("psci")),
      property("reg", cells(index)),
    ],
  });

const cpus = node("cpus", {
  properties: [property("#address-cells", cells(1)), property("#size-cells", cells(0))],
  children: [cpu(0), cpu(1)],
});

/** Distributor, then redistributors for four CPUs. */
const gic = node("gic@f9000000", {
  properties: [
    property("compatible", strings("arm,gic-v3")),
    property("#interrupt-cells", cells(3)),
    property("reg", cells64(0xf900_0000, 0x1_0000, 0xf908_0000, 0x8_0000)),
    property("interrupt-controller"),
    property("interrupts", ppis(9)),
    property("phandle", cells(phandles.gic)),
  ],
});
