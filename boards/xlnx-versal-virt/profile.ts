import { encode } from "dtc-js";
import type { Board } from "../../compiler/index.ts";
import { MiB, formatSize, parseSize } from "../../compiler/index.ts";
import { mostMemory, versalTree } from "./tree.ts";

export interface XlnxVersalVirtParameters {
  /** Bytes or text, "2GiB"; whole MiB, 34 GiB at most. */
  readonly memory: number | string;
}

const cpus = ["cpu0", "cpu1"] as const;

/** QEMU's "xlnx-versal-virt" machine, as QEMU 7.2 makes it: AMD's Versal with two Cortex-A72 and a GICv3. */
export function xlnxVersalVirt(parameters: XlnxVersalVirtParameters): Board<(typeof cpus)[number]> {
  const memory = checkedMemory(parameters);
  return {
    name: "xlnx-versal-virt",
    parameters: { memory },
    cpus,
    deviceTree: encode(versalTree(memory)),
    loadAddress: kernelAddress,
    emulator: {
      program: "qemu-system-aarch64",
      args: [
        // The other two CPUs that QEMU insists on are the Cortex-R5s.
        ...["-machine", "xlnx-versal-virt", "-smp", "4", "-m", `${memory / MiB(1)}M`],
        // No devices but the board's own; the console without QEMU's own Ctrl-A keys.
        ...["-net", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
      ],
      kernelAddress,
    },
  };
}

/** Start of RAM plus the 2 MiB that QEMU adds for an Image with a header and text_offset 0. */
const kernelAddress = 0x20_0000;

/** `board.ts` is evaluated before any schema sees it: what the types would refuse throws here, at the user's own line. */
function checkedMemory(parameters: XlnxVersalVirtParameters): number {
  const { memory }: Readonly<Record<string, unknown>> = { ...parameters };
  const size = typeof memory === "number" ? memory : parseSize(String(memory));
  if (size === undefined || !Number.isSafeInteger(size) || size <= 0 || size % MiB(1) !== 0)
    throw new RangeError(`xlnxVersalVirt: memory is whole MiB, such as GiB(2), not ${String(memory)}`);
  if (size > mostMemory)
    throw new RangeError(`xlnxVersalVirt: memory is ${formatSize(mostMemory)} at most, not ${formatSize(size)}`);
  return size;
}
