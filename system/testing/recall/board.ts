import { cells, cells64, node, property, removeNode, setProperty } from "dtc-js";
import type { Node } from "dtc-js";
import type { Case } from "./case.ts";
import type { Edit } from "./systems.ts";
import {
  alone,
  badBoard,
  bank,
  board,
  gicNode,
  inBlob,
  memoryNode,
  ram,
  reserved,
  system,
  withNode,
} from "./systems.ts";

const reservations = (count: number): readonly Node[] =>
  Array.from({ length: count }, (_, index) => 0x7000_0000 + index * 0x2000).map((at) =>
    node(`r@${at.toString(16)}`, { properties: [property("reg", cells64(at, 0x1000))] }),
  );

/** RAM in so many pieces that touch. */
const pieces = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => [0x4000_0000 + index * 0x20_0000, 0x20_0000]).flat();

const nested = (levels: number): Node => node(`level${levels}`, levels > 1 ? { children: [nested(levels - 1)] } : {});

const withoutVirtualInterface: Edit = (tree) =>
  setProperty(tree, gicNode(tree), property("reg", cells64(0x800_0000, 0x1_0000, 0x801_0000, 0x1_0000)));

/** Devicetree Specification, 5.2: off_mem_rsvmap. */
const loseReservations = (blob: DataView): void => {
  blob.setUint32(16, 0x7fff_fff8);
};

const lostReservations = ((): Uint8Array => {
  const { deviceTree } = board();
  const copy = Uint8Array.from(deviceTree as Uint8Array);
  loseReservations(new DataView(copy.buffer));
  return copy;
})();

const damagedTree = new Uint8Array(64).fill(0x2e);

/** The board's device tree, before anything of a domain is read. */
export const boardCases: readonly Case[] = [
  {
    row: "A2",
    what: "a device tree without its magic number",
    on: "core",
    wrong: system({ board: { ...board(), deviceTree: damagedTree } }),
    code: "XI3101",
    sound: system(),
    damage: inBlob((blob) => {
      blob.setUint32(0, 0);
    }),
    seen: { nothing: true },
  },
  {
    row: "A2",
    what: "the same on upstream Xen",
    on: "xen",
    wrong: system({ board: { ...board(), deviceTree: damagedTree } }),
    code: "XI3101",
    sound: system(),
    damage: inBlob((blob) => {
      blob.setUint32(0, 0);
    }),
    seen: { nothing: true },
  },
  {
    row: "A3",
    what: "reservations beyond the tree's end",
    on: "core",
    wrong: system({ board: { ...board(), deviceTree: lostReservations } }),
    code: "XI3101",
    sound: system(),
    damage: inBlob(loseReservations),
    seen: { nothing: true },
  },
  {
    row: "A4",
    what: "addresses without cells",
    on: "xen",
    ...badBoard((tree) => setProperty(tree, "/", property("#address-cells", cells(0)))),
    code: "XI3212",
    seen: { nothing: true },
  },
  {
    row: "A5",
    what: "more reserved regions than fit",
    on: "core",
    ...badBoard(reserved(...reservations(260))),
    code: "XI4305",
    seen: { stops: /^error: \/reserved-memory\/r@\w+: reg: more than 256 ranges/ },
  },
  {
    row: "A5",
    what: "one more than upstream Xen 4.17 has room for beside four modules",
    on: "xen",
    ...badBoard(reserved(...reservations(251))),
    code: "XI4305",
    seen: { nothing: true },
  },
  {
    row: "A6",
    what: "RAM in more pieces than fit",
    on: "core",
    ...badBoard(ram(...pieces(300))),
    code: "XI4305",
    seen: { stops: /^error: \/memory@40000000: reg: more than 256 ranges/ },
  },
  {
    row: "A6",
    what: "the same on upstream Xen",
    on: "xen",
    ...badBoard(ram(...pieces(300))),
    code: "XI4305",
    seen: { nothing: true },
  },
  {
    row: "A7",
    what: "sixteen nodes in one another",
    on: "xen",
    ...badBoard(withNode("/", nested(16))),
    code: "XI4620",
    seen: { nothing: true },
  },
  {
    row: "A7",
    what: "thirty-two on the core",
    on: "core",
    ...badBoard(withNode("/", nested(32))),
    code: "XI4620",
    seen: { nothing: true },
  },
  {
    row: "A10",
    what: "no memory node",
    on: "core",
    ...badBoard((tree) => removeNode(tree, memoryNode(tree))),
    code: "XI3102",
    seen: { stops: /^error: \/: memory: no node with device_type "memory"/ },
  },
  {
    row: "A11",
    what: "no interrupt controller",
    on: "core",
    ...badBoard((tree) => removeNode(tree, gicNode(tree))),
    code: "XI3102",
    seen: { stops: /^error: \/: interrupt-controller: no GICv2 or GICv3/ },
  },
  {
    row: "A11",
    what: "redistributors that reg does not name",
    on: "core",
    ...badBoard((tree) => setProperty(tree, gicNode(tree), property("#redistributor-regions", cells(3)))),
    code: "XI3104",
    seen: { stops: /^error: \/intc@8000000: reg: lacks redistributor region 1/ },
  },
  {
    row: "A11",
    what: "a GICv2 without virtualization",
    on: "core",
    ...badBoard(withoutVirtualInterface, { gic: 2 }),
    code: "XI4511",
    seen: { stops: /^error: \/intc@8000000: reg: lacks the CPU, hypervisor or virtual CPU interface/ },
  },
  {
    row: "A11",
    what: "the same on upstream Xen",
    on: "xen",
    ...badBoard(withoutVirtualInterface, { gic: 2 }),
    code: "XI4622",
    seen: { stops: /GICv2: Cannot find a valid address for the hypervisor/ },
  },
  {
    row: "A12",
    what: "no timer",
    on: "xen",
    ...badBoard((tree) => removeNode(tree, "/timer")),
    code: "XI4623",
    seen: { nothing: true },
  },
  {
    row: "A13",
    what: "two CPUs of one number",
    on: "xen",
    ...badBoard((tree) => setProperty(tree, "/cpus/cpu@1", property("reg", cells(0)))),
    code: "XI3104",
    seen: { warns: /duplicate \/cpu reg properties/ },
  },
  {
    row: "A13",
    what: "the same on the core",
    on: "core",
    ...badBoard((tree) => setProperty(tree, "/cpus/cpu@1", property("reg", cells(0)))),
    code: "XI3104",
    seen: { stops: /^error: \/cpus\/cpu@1: reg: another CPU has the same id/ },
  },
  {
    row: "B5",
    what: "a static bank on reserved memory",
    on: "core",
    ...badBoard(reserved(...reservations(1))),
    wrong: { ...alone({ memory: bank(0x7000_0000) }), board: board({}, reserved(...reservations(1))) },
    code: "XI4001",
    sound: alone({ memory: bank(0x7000_0000) }),
    seen: { stops: /^error: device tree: memory: a static bank of ui at 0x70000000 and reserved memory .* overlap/ },
  },
];
