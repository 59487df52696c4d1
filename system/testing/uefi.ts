import { copyFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineRequest } from "./machine.ts";
import { temporaryFolder } from "./paths.ts";
import { emulator } from "./systems.ts";
import type { BuiltSystem } from "./systems.ts";

/** EDK2, of Debian's package qemu-efi-aarch64. */
const code = "/usr/share/AAVMF/AAVMF_CODE.fd";
/** Variables of a machine that enforces no signatures, and of one that trusts Debian's snakeoil key alone. */
const variables = {
  open: "/usr/share/AAVMF/AAVMF_VARS.fd",
  secure: "/usr/share/AAVMF/AAVMF_VARS.snakeoil.fd",
} as const;

/** EDK2 as the machine's firmware, with a disk in front of it for each path: it boots the first that it can. */
export function fromUefi(
  built: BuiltSystem,
  disks: readonly string[],
  machine = "",
  store: keyof typeof variables = "open",
): MachineRequest {
  const { program, args } = emulator(built);
  const own = join(temporaryFolder("firmware"), "variables.fd");
  copyFileSync(variables[store], own);
  const drives = disks.flatMap((path, index) => [
    ...["-drive", `file=${path},format=raw,if=none,id=disk${index},readonly=on`],
    ...["-device", `virtio-blk-device,drive=disk${index},bootindex=${index}`],
  ]);
  return {
    program,
    args: [
      ...args.map((arg, index) => (args[index - 1] === "-machine" ? `${arg}${machine}` : arg)),
      ...["-drive", `if=pflash,format=raw,readonly=on,file=${code}`],
      ...["-drive", `if=pflash,format=raw,file=${own}`],
      ...drives,
    ],
    domains: built.domains,
  };
}
