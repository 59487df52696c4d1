import { checkPlaced, checkResolved } from "../check/check.ts";
import { parseConfig } from "../config/parse.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { emit } from "../emit/emit.ts";
import { emitManifest } from "../emit/manifest.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { Host } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { Layout } from "../layout/layout.ts";
import { layoutSystem } from "../layout/layout.ts";
import { lower } from "../lower/lower.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { resolveSystem } from "../resolve/resolve.ts";
import { verify } from "../verify/verify.ts";
import type { Pipeline } from "./pipeline.ts";
import { locate } from "./locate.ts";
import { pipeline } from "./pipeline.ts";
import type { CompileRequest } from "./request.ts";
import type { CheckResult, CompileResult } from "./result.ts";

/** Everything short of images. */
export async function check(host: Host, request: CompileRequest): Promise<CheckResult> {
  const { value, diagnostics } = await placing(host, request).run();
  return { ...value, diagnostics: await locate(diagnostics, request.config) };
}

/** From a configuration to the files of its output folder. */
export async function compile(host: Host, request: CompileRequest): Promise<CompileResult> {
  const { value, diagnostics } = await placing(host, request).run();
  const runTemplate = await host.readTemplate("run.sh.hbs");
  return {
    ...value,
    ...(value && { artifacts: link(value.placed, request.version, runTemplate, host) }),
    diagnostics: await locate(diagnostics, request.config),
  };
}

/** LOWER to VERIFY: from here on nothing that a user wrote can fail. */
function link(placed: PlacedSystem, version: string, runTemplate: string, host: Host): readonly Artifact[] {
  const plan = lower(placed);
  const emitted = emit(plan, runTemplate);
  const images = placed.resolved.hypervisor.image.kind === "core" ? [packImage(placed, emitted.systemTree)] : [];
  const outputs = [...images, ...emitted.artifacts];
  verify(plan, outputs);
  return [...outputs, emitManifest(plan, outputs, version, host.sha256)];
}

const packImage = (placed: PlacedSystem, systemTree: Uint8Array): Artifact => ({
  path: "image.bin",
  pieces: packRaw(placed, systemTree),
  executable: false,
});

const placing = (host: Host, request: CompileRequest): Pipeline<Layout> =>
  pipeline(request.config.value)
    .to((value) => parseConfig(value))
    .to((config) => resolveSystem(config, request, host))
    .to((resolved) => checkResolved(resolved))
    .to((resolved) => layoutSystem(resolved, request.relock === true ? undefined : request.lock))
    .to((layout) => checkLayout(layout));

function checkLayout(layout: Layout): Outcome<Layout> {
  const { value, diagnostics } = checkPlaced(layout.placed);
  return { ...(value && { value: layout }), diagnostics };
}
