import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Machine, MachineRequest } from "./machine.ts";
import { temporaryFolder } from "./paths.ts";
import { emulator, xenimg } from "./systems.ts";
import type { BuiltSystem, SystemRequest } from "./systems.ts";

/** Of Debian's package u-boot-qemu. */
const uboot = "/usr/lib/u-boot/qemu_arm64/u-boot.bin";

/** A development key, and a control device tree that makes U-Boot require it. */
export interface RequiredKey {
  readonly privateFile: string;
  readonly publicFile: string;
  readonly control: string;
}

/** Makes a key, and the device tree of a board's machine with its public half. */
export async function requireKey(
  request: SystemRequest,
  bits: 2048 | 3072 | 4096 = 2048,
  hash: "sha256" | "sha384" | "sha512" = "sha256",
): Promise<RequiredKey> {
  const folder = temporaryFolder("keys");
  const control = join(folder, "control.dtb");
  const { program, args } = emulator(request);
  const dumping = args.map((arg, index) => (args[index - 1] === "-machine" ? `${arg},dumpdtb=${control}` : arg));
  execFileSync(program, dumping, { timeout: 60_000, stdio: "ignore" });
  const made = await xenimg(
    "keygen",
    join(folder, "dev"),
    "--type",
    `rsa${bits}`,
    "--hash",
    hash,
    "--uboot-dtb",
    control,
  );
  if (made.code !== 0) throw new Error(made.stderr);
  return { privateFile: join(folder, "dev.key"), publicFile: join(folder, "dev.pub"), control };
}

/** U-Boot as the machine's firmware, with files in its memory: what its load commands would have brought there. */
export function fromUboot(
  built: BuiltSystem,
  { control }: RequiredKey,
  files: readonly { readonly path: string; readonly at: number }[],
): MachineRequest {
  const { program, args } = emulator(built);
  const loads = files.flatMap(({ path, at }) => [
    "-device",
    `loader,file=${path},addr=0x${at.toString(16)},force-raw=on`,
  ]);
  return { program, args: [...args, "-bios", uboot, "-dtb", control, ...loads], domains: built.domains };
}

/** U-Boot as the machine's firmware, with disks: the first on a bus is where it looks for boot.scr by itself. */
export function fromDisks(
  built: BuiltSystem,
  disks: readonly string[],
  bus: "virtio" | "scsi",
  key?: RequiredKey,
): MachineRequest {
  const { program, args } = emulator(built);
  const attached = disks.flatMap((path, index) => [
    "-drive",
    `file=${path},format=raw,if=none,snapshot=on,id=disk${index}`,
    "-device",
    bus === "virtio"
      ? `virtio-blk-pci,drive=disk${index},addr=${index + 4}`
      : `ide-hd,drive=disk${index},bus=ahci.${index}`,
  ]);
  const controller = bus === "scsi" ? ["-device", "ich9-ahci,id=ahci"] : [];
  const control = key === undefined ? [] : ["-dtb", key.control];
  return { program, args: [...args, "-bios", uboot, ...control, ...controller, ...attached], domains: built.domains };
}

const prompt = /^=> ?$/;

/** Keeps U-Boot from booting by itself. */
export async function stopAutoboot(machine: Machine): Promise<void> {
  await machine.waitFor("hypervisor", "Hit any key to stop autoboot", 60);
  machine.type("\n");
  await machine.waitFor("hypervisor", prompt, 60);
}

/** What U-Boot says to a command that ends at its prompt again. */
export async function command(machine: Machine, text: string): Promise<string> {
  const from = machine.lines.length;
  machine.type(`${text}\n`);
  await machine.waitFor("hypervisor", text, 60, from);
  await machine.waitFor("hypervisor", prompt, 120, machine.lines.length - 1);
  return machine.lines
    .slice(from)
    .filter(({ complete }) => complete)
    .map((line) => line.text)
    .join("\n");
}
