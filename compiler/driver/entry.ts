import type * as Authenticode from "./authenticode.ts";
import type { DifferenceFormat } from "../diff/diff.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Exported, ExportRequest } from "../export/request.ts";
import type { Host } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { HostedRequest } from "./compile.ts";
import type { CompileRequest } from "./request.ts";
import { hashOnce } from "./hash-once.ts";
import type { CheckResult, CompileResult, TogetherResult } from "./result.ts";

/*
 * The stages are loaded when they are called: a configuration and its board import this package for its language
 * alone, in a thread whose start everybody waits for.
 */

/** Everything short of images. */
export const check = async (host: Host, request: CompileRequest): Promise<CheckResult> =>
  (await import("./compile.ts")).check(host, request);

/** What the hypervisor will say at boot; a line each. */
export const trace = async (placed: PlacedSystem): Promise<readonly string[]> =>
  (await import("./trace.ts")).traceOf(placed);

/** From a configuration to the files of its output folder. */
export const compile = async (host: Host, request: CompileRequest): Promise<CompileResult> =>
  (await import("./compile.ts")).compile(host, request);

/** QEMU's arguments to boot what a build has written into `folder`; undefined where nothing emulates the board. */
export const emulation = async (placed: PlacedSystem, folder: string): Promise<readonly string[] | undefined> =>
  (await import("./emulate.ts")).emulation(placed, folder);

/** From several configurations to the files of one output folder, with one FIT of all. */
export const compileTogether = async (systems: readonly HostedRequest[]): Promise<TogetherResult> =>
  (await import("./compile.ts")).compileTogether(systems);

/** What changed in meaning from one system to another. */
export async function diff(
  host: Host,
  before: PlacedSystem,
  after: PlacedSystem,
  format: DifferenceFormat,
): Promise<string> {
  const { difference } = await import("../diff/diff.ts");
  const digest = hashOnce(host.digest);
  return difference(before, after, format, (pieces) => digest("sha256", pieces));
}

/** A placed system in the words of ImageBuilder; what it cannot say is told, at its place in the configuration. */
export async function exportSystem(
  { config }: Pick<CompileRequest, "config">,
  request: ExportRequest,
): Promise<Outcome<Exported>> {
  const [{ exportImageBuilder }, { locate }] = await Promise.all([
    import("../export/imagebuilder/translate.ts"),
    import("./locate.ts"),
  ]);
  const outcome = exportImageBuilder(request);
  return { ...outcome, diagnostics: await locate(outcome.diagnostics, config) };
}

/** Begins to load the stages, for whoever has something else to wait for meanwhile. */
export const preload = async (): Promise<void> => {
  await import("./compile.ts");
};

/** Certificates and the signatures of files for UEFI. */
export const loadAuthenticode = (): Promise<typeof Authenticode> => import("./authenticode.ts");
