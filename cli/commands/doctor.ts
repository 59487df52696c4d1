import { existsSync } from "node:fs";
import { coreImage, pvCoreImage } from "../adapters/package.ts";
import type { ToolResult } from "../adapters/process.ts";
import { runTool } from "../adapters/process.ts";
import type { Surroundings } from "../adapters/terminal.ts";

/** The oldest QEMU that the boards' profiles are tested with. */
const oldestQemu = [7, 2] as const;

/** Says what each command needs and whether this machine has it: 3 where something is missing. */
export async function doctor({ stdout }: Surroundings): Promise<number> {
  const findings = [
    { name: "Node", ...checkNode(process.versions.node) },
    { name: "hypervisor core", ...checkCore(coreImage) },
    { name: "hypervisor core for PV links", ...checkCore(pvCoreImage) },
    { name: "qemu-system-aarch64", ...checkQemu(await runTool("qemu-system-aarch64", ["--version"], 10)) },
  ];
  for (const { name, found, text } of findings) stdout(`${found ? "ok     " : "MISSING"}  ${name}: ${text}\n`);
  return findings.every(({ found }) => found) ? 0 : 3;
}

interface Finding {
  readonly found: boolean;
  readonly text: string;
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const found = major > 20 || (major === 20 && minor >= 19);
  return { found, text: found ? version : `${version} is too old, 20.19 or later is needed: https://nodejs.org` };
}

/** A core that `make` leaves in the package. */
export const checkCore = (image: string): Finding =>
  existsSync(image)
    ? { found: true, text: "built" }
    : {
        found: false,
        text: "not built: run `make -C hypervisor` (apt-get install make gcc-aarch64-linux-gnu), or name one with --hypervisor",
      };

export function checkQemu(result: ToolResult): Finding {
  const install = "apt-get install qemu-system-arm; only `xenimg run` needs it";
  if (result.kind !== "ok")
    return { found: false, text: `${result.kind === "missing" ? "not in PATH" : "does not run"}: ${install}` };
  const [, major = "0", minor = "0"] = /version (\d+)\.(\d+)/.exec(result.stdout) ?? [];
  const found = Number(major) > oldestQemu[0] || (Number(major) === oldestQemu[0] && Number(minor) >= oldestQemu[1]);
  return {
    found,
    text: `version ${major}.${minor}${found ? "" : ` is too old, ${oldestQemu.join(".")} or later is needed`}`,
  };
}
