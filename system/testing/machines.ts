import { debian } from "./paths.ts";
import type { SystemRequest } from "./systems.ts";

/** A machine that two Linux guests fit on, and where there is room for static memory of 256 MiB for each. */
export interface TestMachine {
  readonly board: SystemRequest["board"];
  readonly control: number;
  readonly ui: number;
}

const virt = (gic: 2 | 3): TestMachine => ({
  board: { gic, cpus: 3, memory: "2GiB" },
  control: 0x8000_0000,
  ui: 0x9000_0000,
});

/** On these, one of them above 4 GiB. */
const amd = { control: 0x4000_0000, ui: 0x8_1000_0000 };

/**
 * Every kind of machine that the core is booted on. Debian's device trees are looked up when a test runs: without them,
 * the other machines' tests do.
 */
export const machines = {
  "QEMU's virt with a GICv3": () => virt(3),
  "QEMU's virt with a GICv2": () => virt(2),
  "a ZCU102": () => ({ ...amd, board: { xlnxZcu102: { deviceTree: debian("zynqmp-zcu102") } } }),
  "QEMU's Versal": () => ({ ...amd, board: { xlnxVersalVirt: { memory: "4GiB" } } }),
} as const satisfies Readonly<Record<string, () => TestMachine>>;
