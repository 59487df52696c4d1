import type { BoardInput } from "../../compiler/index.ts";
import { GiB, MiB } from "../../compiler/index.ts";
import type { VendorBoardParameters } from "../vendor.ts";
import { treePath } from "../vendor.ts";

const models = [1, 2, 4, 8] as const;

export interface RaspberryPi4Parameters extends VendorBoardParameters {
  /** Whole GiB of RAM, as the board was bought. */
  readonly memory: (typeof models)[number];
}

const cpus = ["cpu0", "cpu1", "cpu2", "cpu3"] as const;

/** Raspberry Pi 4 Model B (BCM2711: four Cortex-A72, GIC-400), started by Trusted Firmware-A. */
export function raspberryPi4(parameters: RaspberryPi4Parameters): BoardInput<(typeof cpus)[number]> {
  const memory = model(parameters);
  return {
    name: "raspberrypi-4",
    parameters: { memory },
    cpus,
    deviceTree: treePath("raspberryPi4", parameters),
    compatible: ["raspberrypi,4-model-b"],
    firmware: {
      memory: ram(memory),
      // Trusted Firmware-A, port rpi4: BL31 stays below the place where the firmware puts a kernel.
      reserved: [{ at: 0, size: 0x8_0000 }],
      psci: "smc",
    },
    // kernel_address=0x200000 in config.txt.
    loadAddress: 0x20_0000,
  };
}

/** What the VideoCore takes of the first GiB unless config.txt says otherwise (gpu_mem). */
const video = MiB(76);
/** Peripherals from here to 4 GiB (BCM2711 ARM Peripherals, address map, low peripheral mode). */
const peripherals = 0xfc00_0000;

const ram = (memory: number): readonly { readonly at: number; readonly size: number }[] => [
  { at: 0, size: GiB(1) - video },
  ...(memory > 1 ? [{ at: GiB(1), size: Math.min(GiB(memory), peripherals) - GiB(1) }] : []),
  ...(memory > 4 ? [{ at: GiB(4), size: GiB(memory) - GiB(4) }] : []),
];

/** `board.ts` is evaluated before any schema sees it: what the types would refuse throws here, at the user's own line. */
function model(parameters: RaspberryPi4Parameters): number {
  const { memory }: Readonly<Record<string, unknown>> = { ...parameters };
  const known = models.find((each) => each === memory);
  if (known === undefined)
    throw new RangeError(`raspberryPi4: memory is ${models.join(", ")} (GiB), not ${JSON.stringify(memory)}`);
  return known;
}
