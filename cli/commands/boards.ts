import { resolve } from "node:path";
import { decode } from "dtc-js";
import type { ProfileSummary } from "../../boards/profiles.ts";
import { profiles } from "../../boards/profiles.ts";
import type { BoardDevice, FileAnswer } from "../../compiler/index.ts";
import { boardDevices, diagnose, nearest } from "../../compiler/index.ts";
import { hostFor } from "../adapters/host.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

/** Lists the board profiles and how a configuration uses them; or the devices of one of them, or of a device tree. */
export async function boards(board: string | undefined, surroundings: Surroundings): Promise<number> {
  if (board === undefined) return listed(profiles, surroundings);
  const profile = profiles.find(({ name }) => name === board);
  if (profile === undefined) return fromFile(board, surroundings);
  if (profile.deviceTree) return devices(profile.deviceTree(), board, surroundings);
  surroundings.stdout(`${profile.name}: its device tree is the vendor's; xenimg boards FILE.dtb lists its devices\n`);
  return 0;
}

function listed(all: readonly ProfileSummary[], { stdout }: Surroundings): number {
  for (const { name, describes, use, emulator } of all) {
    stdout(`${name}  ${describes}${emulator ? "; `xenimg run` emulates it" : ""}\n`);
    stdout(`  import { ${use.replace(/\(.*/, "")} } from "xenimg/boards";  ${use}\n`);
  }
  return 0;
}

const what = "the board's device tree";

async function fromFile(path: string, surroundings: Surroundings): Promise<number> {
  const file = resolve(surroundings.cwd, path);
  const answer = await hostFor(file).readFile(file);
  if (answer.kind === "ok") return devices(answer.bytes, path, surroundings);
  return report([unreadable(answer, path)], "pretty", surroundings);
}

const unreadable = (answer: Exclude<FileAnswer, { kind: "ok" }>, path: string) =>
  answer.kind === "missing"
    ? diagnose("XI2001", { what, path, named: "argument", ...profileLike(path) })
    : diagnose("XI2002", { what, path, reason: answer.reason });

/** Whoever writes neither a folder nor an ending may mean a profile. */
function profileLike(path: string): { readonly nearest?: string } {
  const found = /[/.]/.test(path)
    ? undefined
    : nearest(
        path,
        profiles.map(({ name }) => name),
      );
  return found === undefined ? {} : { nearest: found };
}

function devices(blob: Uint8Array, path: string, surroundings: Surroundings): number {
  const decoded = decode(blob);
  if (!decoded.ok)
    return report(
      [diagnose("XI3101", { what: `"${path}"`, reason: decoded.diagnostics[0].message })],
      "pretty",
      surroundings,
    );
  const found = boardDevices(decoded.value);
  for (const device of found) surroundings.stdout(`${described(device)}\n`);
  surroundings.stderr(`${summary(found)}\n`);
  return 0;
}

function summary([first, ...more]: readonly BoardDevice[]): string {
  if (first === undefined) return "no devices that a domain may have";
  const count = more.length === 0 ? "1 device" : `${more.length + 1} devices`;
  return `${count}; passthrough: ["${first.name}"] gives a domain ${more.length === 0 ? "this one" : "the first"}`;
}

function described({ name, path, interrupts, dma, enabled }: BoardDevice): string {
  const numbers = interrupts.map(
    ({ kind, number }) => `${kind === "other" ? "interrupt" : kind.toUpperCase()} ${number}`,
  );
  return [
    name,
    ...(name === path ? [] : [path]),
    numbers.length === 0 ? "no interrupt" : numbers.join(", "),
    dma ? "DMA: for a direct-mapped domain" : "no DMA",
    ...(enabled ? [] : ["disabled"]),
  ].join("  ");
}
