import type { Node, Property, Value } from "dtc-js";
import { cells, cells64, concat, empty, node, property, strings } from "dtc-js";
import type { Phandles } from "./phandles.ts";

const levelHigh = 4;

/** GIC binding: type (1 PPI), number within the type, trigger; of a GICv2 a mask of the CPUs, too, from bit 8. */
export function ppis(machine: { readonly gic: 2 | 3; readonly cpus: number }, ...numbers: readonly number[]): Value {
  const mask = machine.gic === 2 ? (1 << machine.cpus) - 1 : 0;
  return concat(...numbers.map((number) => cells(1, number, (mask << 8) | levelHigh)));
}

export const interruptController = (version: 2 | 3, phandles: Phandles): Node =>
  node("intc@8000000", {
    properties: [
      property("phandle", cells(phandles.gic)),
      property("interrupts", ppis({ gic: 3, cpus: 0 }, 9)),
      ...(version === 2 ? gicv2 : gicv3),
      property("ranges", empty),
      property("#size-cells", cells(2)),
      property("#address-cells", cells(2)),
      property("interrupt-controller"),
      property("#interrupt-cells", cells(3)),
    ],
    children: [version === 2 ? messageFrame(phandles) : translationService(phandles)],
  });

/** Distributor, CPU interface, hypervisor's and virtual CPU interface. */
const gicv2: readonly Property[] = [
  property("reg", cells64(0x0800_0000, 0x1_0000, 0x0801_0000, 0x1_0000, 0x0803_0000, 0x1_0000, 0x0804_0000, 0x1_0000)),
  property("compatible", strings("arm,cortex-a15-gic")),
];

/** Distributor, then redistributors for 123 CPUs, then (as a child) the ITS between the two. */
const gicv3: readonly Property[] = [
  property("reg", cells64(0x0800_0000, 0x1_0000, 0x080a_0000, 0xf6_0000)),
  property("#redistributor-regions", cells(1)),
  property("compatible", strings("arm,gic-v3")),
];

const messageFrame = (phandles: Phandles): Node =>
  node("v2m@8020000", {
    properties: [
      property("phandle", cells(phandles.its)),
      property("reg", cells64(0x0802_0000, 0x1000)),
      property("msi-controller"),
      property("compatible", strings("arm,gic-v2m-frame")),
    ],
  });

const translationService = (phandles: Phandles): Node =>
  node("its@8080000", {
    properties: [
      property("phandle", cells(phandles.its)),
      property("reg", cells64(0x0808_0000, 0x2_0000)),
      property("#msi-cells", cells(1)),
      property("msi-controller"),
      property("compatible", strings("arm,gic-v3-its")),
    ],
  });
