import { cells, cells64, property, setProperty } from "dtc-js";
import type { RegionInput } from "../../../compiler/index.ts";
import type { Case } from "./case.ts";
import { alone, aloneWith, bank, hello, inTree, set, system, watched } from "./systems.ts";

/** One bank that holds the guest, and so many more of a page each. */
const banks = (count: number): readonly RegionInput[] => [
  ...bank(0x6000_0000),
  ...Array.from({ length: count }, (_, index) => bank(0x6400_0000 + index * 0x2000, 0x1000)).flat(),
];

const heap = (at: number, size: string) => ({ bootargs: watched, heap: { at, size } });

/** Static memory, and the hypervisor's own. */
export const memoryCases: readonly Case[] = [
  {
    row: "D1",
    what: "a bank within a page",
    on: "core",
    wrong: alone({ memory: bank(0x6000_0800) }),
    code: "XI4301",
    seen: { stops: /^error: \/chosen\/ui: xen,static-mem: not whole pages/ },
  },
  {
    row: "D2",
    what: "a bank of 2^32 pages",
    on: "core",
    wrong: alone({ memory: bank(0x6000_0000, 2 ** 44) }),
    code: "XI4302",
    sound: alone({ memory: bank(0x6000_0000) }),
    damage: inTree((tree) =>
      setProperty(
        setProperty(tree, "/chosen/ui", property("xen,static-mem", cells64(0x6000_0000, 2 ** 44))),
        "/chosen/ui",
        property("memory", cells64(2 ** 34)),
      ),
    ),
    seen: { stops: /^error: device tree: memory: a static bank of ui at 0x60000000 is not in RAM/ },
  },
  {
    row: "D3",
    what: "banks of two domains that overlap",
    on: "core",
    wrong: system({
      domains: { ui: hello("ui", { memory: bank(0x6000_0000) }), other: hello("other", { memory: bank(0x6100_0000) }) },
    }),
    code: "XI4001",
    seen: { stops: /^error: device tree: memory: a static bank of ui .* a static bank of other .* overlap/ },
  },
  {
    row: "D4",
    what: "a bank outside RAM",
    on: "core",
    wrong: alone({ memory: bank(0x9000_0000) }),
    code: "XI4303",
    seen: { stops: /^error: device tree: memory: a static bank of ui at 0x90000000 is not in RAM/ },
  },
  {
    row: "D5",
    what: "more memory than a guest's map has",
    on: "xen",
    wrong: alone({ memory: "1020GiB" }),
    code: "XI4202",
    sound: alone({}),
    damage: set("/chosen/ui", property("memory", cells64(1020 * 2 ** 20))),
    seen: { stops: /Failed to allocate P2M pages/ },
  },
  {
    row: "D7",
    what: "257 banks",
    on: "core",
    wrong: alone({ memory: banks(256) }),
    code: "XI4305",
    seen: { stops: /^error: \/chosen\/ui: xen,static-mem: more than 256 ranges/ },
  },
  {
    row: "D9",
    what: "a bank without its size",
    on: "core",
    wrong: aloneWith({ memory: [{ at: 0x6000_0000 }] }),
    code: "XI1003",
    sound: alone({ memory: bank(0x6000_0000) }),
    damage: set("/chosen/ui", property("xen,static-mem", cells(0, 0x6000_0000, 0))),
    seen: { stops: /^error: \/chosen\/ui: xen,static-mem: not a list of addresses and sizes/ },
  },
  {
    row: "D10",
    what: "static memory for a hypervisor that was built without",
    on: "xen",
    wrong: alone({ memory: bank(0x6000_0000) }),
    code: "XI4624",
    seen: { stops: /Device tree generation failed/ },
  },
  {
    row: "D12",
    what: "a static heap off the 64 KiB grid",
    on: "core",
    wrong: system({ hypervisor: heap(0x6000_1000, "128MiB") }),
    code: "XI4308",
    seen: { stops: /^error: \/chosen: xen,static-heap: not aligned to 64 KiB/ },
  },
  {
    row: "D12",
    what: "a static heap that is too small",
    on: "core",
    wrong: system({ hypervisor: heap(0x6000_0000, "16MiB") }),
    code: "XI4310",
    sound: system({ hypervisor: heap(0x6000_0000, "128MiB") }),
    damage: set("/chosen", property("xen,static-heap", cells64(0x6000_0000, 0x100_0000))),
    seen: { stops: /^error: \/chosen\/ui: memory: more than is left/ },
  },
  {
    row: "D13",
    what: "a bank over the machine's devices",
    on: "core",
    wrong: alone({ memory: bank(0x0900_0000), directMap: true, console: "none" }),
    code: "XI4309",
    seen: { stops: /^error: device tree: memory: a static bank of ui at 0x9000000 is not in RAM/ },
  },
];
