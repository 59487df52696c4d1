import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { SystemInput } from "../config/input.ts";
import { check } from "../driver/compile.ts";
import type { CheckResult } from "../driver/result.ts";
import type { Host } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { Target } from "../ir/target.ts";

/** An arm64 Image header (Linux Documentation/arm64/booting.rst) with `size - 64` bytes of `fill` behind it. */
export function kernelImage(size = 4096, imageSize = 0x1_0000, fill = 0): Uint8Array {
  const bytes = new Uint8Array(size).fill(fill, 64);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, 0x1400_0000, true);
  view.setBigUint64(16, BigInt(imageSize), true);
  view.setBigUint64(24, 0xan, true);
  view.setUint32(56, 0x644d_5241, true);
  return bytes;
}

/** A core of 4 KiB that owns 1 MiB. */
export function coreImage(): Uint8Array {
  const bytes = kernelImage(4096, 0x10_0000);
  bytes.set(new TextEncoder().encode("XENIMG\0\x01"), 64);
  new DataView(bytes.buffer).setUint32(72, 2, true);
  return bytes;
}

/** A machine whose files are in a table. */
export const tableHost = (files: Readonly<Record<string, Uint8Array>>): Host => ({
  readFile: (path) => {
    const bytes = files[path];
    return Promise.resolve(bytes ? { kind: "ok", bytes } : { kind: "missing" });
  },
  readTemplate: () => Promise.resolve("{{name}}\n"),
  digest: (algorithm, pieces) => `${algorithm} of ${pieces.length} pieces`,
});

export const files = {
  "core.img": coreImage(),
  Image: kernelImage(5000, 0x2_0000, 1),
  Image2: kernelImage(6000, 0x2_0000, 2),
  /** The number that a compiled FLASK policy begins with. */
  xenpolicy: Uint8Array.of(0x8c, 0xff, 0x7c, 0xf9),
  "rootfs.cpio": new TextEncoder().encode("070701 a small root file system"),
};

/** Two domains, one by size with a ramdisk, one on static banks. */
export const twoDomains: SystemInput = {
  board: qemuVirt({ gic: 3, cpus: 4, memory: "2GiB" }),
  hypervisor: { bootargs: "console=dtuart" },
  cpupools: { realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
  domains: {
    ui: { kernel: "Image", ramdisk: "rootfs.cpio", bootargs: "console=ttyAMA0", cpus: 2, memory: MiB(64) },
    control: { kernel: "Image2", cpus: 1, memory: [{ at: 0x6000_0000, size: MiB(32) }], pool: "realtime" },
  },
};

interface Check {
  readonly target?: Target;
  readonly table?: Readonly<Record<string, Uint8Array>>;
  readonly lock?: string;
}

/** What CHECK and LAYOUT say of a system. */
export function checkSystem(
  value: SystemInput,
  { target = { hypervisor: "core" }, table = files, lock }: Check = {},
): Promise<CheckResult> {
  return check(tableHost(table), {
    config: { file: "board.ts", text: "", value },
    name: "board",
    target,
    version: "0",
    hypervisor: { path: "core.img", name: "core.img" },
    ...(lock !== undefined && { lock }),
  });
}

/** The system as LAYOUT leaves it; throws where a stage found an error. */
export async function placedSystem(
  value: SystemInput = twoDomains,
  target: Target = { hypervisor: "core" },
  table: Readonly<Record<string, Uint8Array>> = files,
): Promise<PlacedSystem> {
  const { placed, diagnostics } = await checkSystem(value, { target, table });
  if (placed === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return placed;
}
