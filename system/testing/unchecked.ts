import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DeviceTree } from "dtc-js";
import { encode } from "dtc-js";
import { parseConfig } from "../../compiler/config/parse.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { check } from "../../compiler/driver/compile.ts";
import type { CompileRequest, Host } from "../../compiler/index.ts";
import type { LoadedFile, RunPlan, TargetPlan } from "../../compiler/ir/plan.ts";
import type { Target } from "../../compiler/ir/target.ts";
import { layoutSystem } from "../../compiler/layout/layout.ts";
import { lower } from "../../compiler/lower/lower.ts";
import { resolveSystem } from "../../compiler/resolve/resolve.ts";
import type { MachineRequest } from "./machine.ts";
import { core, corePv, debian, fullXen, temporaryFolder } from "./paths.ts";

/** Files that exist for a test alone, by the name under which a configuration knows them. */
export type Files = Readonly<Record<string, Uint8Array>>;

const hostFor = (files: Files): Host => ({
  readFile: (path) => {
    try {
      return Promise.resolve({ kind: "ok", bytes: files[path] ?? readFileSync(path) });
    } catch {
      return Promise.resolve({ kind: "missing" });
    }
  },
  readTemplate: () => Promise.resolve(""),
  digest: () => "",
});

function hypervisorOf(target: Target): CompileRequest["hypervisor"] {
  const named = (path: string): { readonly path: string; readonly name: string } => ({ path, name: "hypervisor" });
  if (target.hypervisor === "core") return { ...named(core), withPv: named(corePv) };
  return named(target.version === "4.17" ? debian("xen") : (fullXen ?? debian("xen")));
}

const requestFor = (value: unknown, target: Target): CompileRequest => ({
  config: { file: "board.ts", text: "", value },
  name: "board",
  target,
  version: "0",
  hypervisor: hypervisorOf(target),
});

/** What `xenimg check` says of a system, whatever it is. */
export async function diagnosticsOf(value: unknown, target: Target, files: Files = {}): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await check(hostFor(files), requestFor(value, target));
  return diagnostics;
}

/** What a boot loader has to put into a machine's memory: all that can be broken on the way. */
export interface Loads {
  readonly tree: DeviceTree;
  /** Of these the device tree's bytes are made at last, from `tree`, unless `blob` has them. */
  readonly files: readonly LoadedFile[];
  readonly blob?: Uint8Array;
  readonly run: RunPlan;
  readonly domains: readonly string[];
  /** What each guest would find, were nothing broken. */
  readonly guestTrees: TargetPlan["guestTrees"];
}

/**
 * A system as somebody without `check` would build it: whatever PARSE, RESOLVE and LAYOUT let through. Throws where one of
 * these refuses it.
 */
export async function lowerUnchecked(value: unknown, target: Target, files: Files = {}): Promise<Loads> {
  const config = parseConfig(value);
  const resolved = config.value && (await resolveSystem(config.value, requestFor(value, target), hostFor(files)));
  const layout = resolved?.value && layoutSystem(resolved.value, undefined);
  if (layout?.value === undefined) {
    const found = [config, resolved, layout].flatMap((each) => each?.diagnostics ?? []);
    throw new Error(found.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  }
  const plan = lower(layout.value.placed);
  if (plan.run === undefined) throw new Error("the board has no emulator");
  const domains = plan.placed.domains.map(({ resolved: { name } }) => name);
  const { systemTree: tree, files: loaded, run, guestTrees } = plan;
  return { tree, files: loaded, run, domains, guestTrees };
}

/** The machine with all of that in its memory, and nothing mended by QEMU. */
export function bootLoads({ tree, files, blob, run, domains }: Loads): MachineRequest {
  const folder = temporaryFolder("loads");
  const loads = files.flatMap(({ path, at, content }) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content.kind === "bytes" ? content.bytes : (blob ?? encode(tree)));
    return ["-device", `loader,file=${file},addr=0x${at.toString(16)},force-raw=on`];
  });
  const { at, words } = run.stub;
  const stub = words.flatMap((word, index) => [
    "-device",
    `loader,addr=0x${(at + index * 8).toString(16)},data=0x${word.toString(16)},data-len=8`,
  ]);
  const start = ["-device", `loader,addr=0x${at.toString(16)},cpu-num=0`];
  return { program: run.program, args: [...run.machineArgs, ...loads, ...stub, ...start], domains };
}
