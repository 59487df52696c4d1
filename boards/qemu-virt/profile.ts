import { encode } from "dtc-js";
import type { Board } from "../../compiler/index.ts";
import { GiB, MiB, formatSize, parseSize } from "../../compiler/index.ts";
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

/** `compatible` of each model that QEMU 7.2 has with virtualization; it gives "max" the name of a Cortex-A57. */
const compatibles = {
  "cortex-a35": "arm,cortex-a35",
  "cortex-a53": "arm,cortex-a53",
  "cortex-a57": "arm,cortex-a57",
  "cortex-a72": "arm,cortex-a72",
  "cortex-a76": "arm,cortex-a76",
  "neoverse-n1": "arm,neoverse-n1",
  max: "arm,cortex-a57",
} as const;
export type CpuModel = keyof typeof compatibles;

export interface QemuVirtParameters<Count extends CpuCount = CpuCount> {
  /** Version of the interrupt controller. */
  readonly gic: 3;
  readonly cpus: Count;
  /** Whole MiB, at most 255 GiB: beyond that QEMU moves the devices above the RAM. */
  readonly memory: number | string;
  /** Default: "cortex-a57". */
  readonly cpu?: CpuModel;
}

/** QEMU's "virt" machine with EL2, as QEMU 7.2 makes it. */
export function qemuVirt<const Count extends CpuCount>(parameters: QemuVirtParameters<Count>): Board<CpuLabel<Count>> {
  const { gic, cpus, cpu = "cortex-a57" } = parameters;
  const memory = checked(parameters);
  return {
    name: "qemu-virt",
    parameters: { gic, cpus, memory, cpu },
    cpus: labels.slice(0, cpus) as readonly CpuLabel<Count>[],
    deviceTree: encode(virtTree({ cpus, memory, cpuCompatible: compatibles[cpu] })),
    loadAddress: kernelAddress,
    emulator: {
      program: "qemu-system-aarch64",
      args: [
        ...["-machine", `virt,gic-version=${gic},virtualization=on`, "-cpu", cpu],
        ...["-smp", `${cpus}`, "-m", `${memory / MiB(1)}M`],
        // No devices but the board's own; the console without QEMU's own Ctrl-A keys.
        ...["-net", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
      ],
      kernelAddress,
    },
  };
}

/** Start of RAM plus the 2 MiB that QEMU adds for an Image with a header and text_offset 0. */
const kernelAddress = 0x4020_0000;

/** `board.ts` is evaluated before any schema sees it: what the types would refuse throws here, at the user's own line. */
function checked({ gic, cpus, memory, cpu }: QemuVirtParameters): number {
  const known = Object.keys(compatibles);
  if ((gic as unknown) !== 3) throw new RangeError(`qemuVirt: gic is 3, not ${String(gic)}`);
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > labels.length)
    throw new RangeError(`qemuVirt: cpus is 1 to ${labels.length}, not ${String(cpus)}`);
  if (cpu !== undefined && !known.includes(cpu))
    throw new RangeError(`qemuVirt: cpu is one of ${known.join(", ")}, not ${String(cpu)}`);
  const size = typeof memory === "number" ? memory : parseSize(memory);
  if (size === undefined || !Number.isInteger(size) || size <= 0 || size % MiB(1) !== 0 || size > GiB(255))
    throw new RangeError(`qemuVirt: memory is whole MiB up to 255 GiB, not ${String(memory)}`);
  if (size < MiB(64)) throw new RangeError(`qemuVirt: memory of ${formatSize(size)} is too small for a hypervisor`);
  return size;
}
