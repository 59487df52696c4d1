import { encode } from "dtc-js";
import type { Board } from "../../compiler/index.ts";
import { GiB, MiB, formatSize, parseSize } from "../../compiler/index.ts";
import type { DeviceName } from "./devices.ts";
import { deviceNames } from "./devices.ts";
import { highRegions, ramStart } from "./memory-map.ts";
import { virtTree } from "./tree.ts";

const labels = ["cpu0", "cpu1", "cpu2", "cpu3", "cpu4", "cpu5", "cpu6", "cpu7"] as const;
type Labels = typeof labels;
/** Labels of a board with that many CPUs. */
type FirstLabels = {
  1: Labels[0];
  2: FirstLabels[1] | Labels[1];
  3: FirstLabels[2] | Labels[2];
  4: FirstLabels[3] | Labels[3];
  5: FirstLabels[4] | Labels[4];
  6: FirstLabels[5] | Labels[5];
  7: FirstLabels[6] | Labels[6];
  8: FirstLabels[7] | Labels[7];
};
export type CpuCount = keyof FirstLabels;
export type CpuLabel<Count extends CpuCount> = FirstLabels[Count];

/**
 * The models of QEMU 7.2 that have EL2: `compatible` (it gives "max" the name of a Cortex-A57), and how many bits their
 * physical addresses have (ID_AA64MMFR0_EL1.PARange in each Technical Reference Manual).
 */
const models = {
  "cortex-a35": { compatible: "arm,cortex-a35", addressBits: 40 },
  "cortex-a53": { compatible: "arm,cortex-a53", addressBits: 40 },
  "cortex-a57": { compatible: "arm,cortex-a57", addressBits: 44 },
  "cortex-a72": { compatible: "arm,cortex-a72", addressBits: 44 },
  "cortex-a76": { compatible: "arm,cortex-a76", addressBits: 40 },
  "neoverse-n1": { compatible: "arm,neoverse-n1", addressBits: 48 },
  max: { compatible: "arm,cortex-a57", addressBits: 52 },
} as const;
export type CpuModel = keyof typeof models;
export const cpuModels = Object.keys(models) as readonly CpuModel[];

export interface QemuVirtParameters<Count extends CpuCount = CpuCount> {
  /** Version of the interrupt controller: a GICv2 has 8 vCPUs a domain at most, a GICv3 has 128. */
  readonly gic: 2 | 3;
  readonly cpus: Count;
  /** Bytes or text, "2GiB"; whole MiB, as much as the CPU can address. */
  readonly memory: number | string;
  /** Default: "cortex-a57". */
  readonly cpu?: CpuModel;
}

/** QEMU's "virt" machine with EL2, as QEMU 7.2 makes it. */
export function qemuVirt<const Count extends CpuCount>(
  parameters: QemuVirtParameters<Count>,
): Board<CpuLabel<Count>, DeviceName> {
  const { gic, cpus, cpu = "cortex-a57" } = parameters;
  const memory = checkedMemory(parameters);
  const { compatible, addressBits } = models[cpu];
  const high = highRegions(memory, addressBits);
  const size = `${memory / MiB(1)}M`;
  const sparse = memory > mostReserved;
  if (high === undefined) throw new RangeError(`qemuVirt: ${cpu} cannot address ${formatSize(memory)}`);
  return {
    name: "qemu-virt",
    parameters: { gic, cpus, memory, cpu },
    cpus: labels.slice(0, cpus) as readonly CpuLabel<Count>[],
    devices: deviceNames(),
    deviceTree: encode(virtTree({ gic, cpus, memory, compatible, high })),
    loadAddress: kernelAddress,
    uefiHolds: heldByEdk2(memory),
    emulator: {
      program: "qemu-system-aarch64",
      args: [
        ...["-machine", `virt,gic-version=${gic},virtualization=on${sparse ? ",memory-backend=ram" : ""}`],
        ...["-cpu", cpu, "-smp", `${cpus}`, "-m", size],
        ...(sparse ? ["-object", `memory-backend-ram,id=ram,size=${size},reserve=off`] : []),
        // No devices but the board's own; the console without QEMU's own Ctrl-A keys.
        ...["-net", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
      ],
      kernelAddress,
    },
  };
}

/**
 * Debian 12's EDK2 (2022.11), as its memory map says with 1, 2 and 4 GiB: its stack and first heap at fixed places, the rest
 * at the end of the RAM, below which it loads image.efi.
 */
const heldByEdk2 = (memory: number): NonNullable<Board["uefiHolds"]> =>
  memory < MiB(256)
    ? []
    : [
        { at: 0x4400_0000, size: 0x2_0000 },
        { at: 0x4771_a000, size: 0x8e_6000 },
        { at: ramStart + memory - MiB(64), size: MiB(64) },
      ];

/** What a host may be expected to set aside; of a larger machine it has those pages alone that something was written to. */
const mostReserved = GiB(16);

/** Start of RAM plus the 2 MiB that QEMU adds for an Image with a header and text_offset 0. */
const kernelAddress = 0x4020_0000;

/** `board.ts` is evaluated before any schema sees it: what the types would refuse throws here, at the user's own line. */
function checkedMemory(parameters: QemuVirtParameters): number {
  const { gic, cpus, memory, cpu }: Readonly<Record<string, unknown>> = { ...parameters };
  if (gic !== 2 && gic !== 3) throw new RangeError(`qemuVirt: gic is 2 or 3, not ${String(gic)}`);
  if (!labels.some((_, index) => index + 1 === cpus))
    throw new RangeError(`qemuVirt: cpus is 1 to ${labels.length}, not ${String(cpus)}`);
  if (cpu !== undefined && !cpuModels.some((name) => name === cpu))
    throw new RangeError(`qemuVirt: cpu is one of ${cpuModels.join(", ")}, not ${JSON.stringify(cpu)}`);
  const size = typeof memory === "number" ? memory : parseSize(String(memory));
  if (size === undefined || !Number.isSafeInteger(size) || size <= 0 || size % MiB(1) !== 0)
    throw new RangeError(`qemuVirt: memory is whole MiB, such as GiB(2), not ${String(memory)}`);
  return size;
}
