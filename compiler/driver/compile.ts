import { checkLoaded, checkPlaced, checkResolved } from "../check/check.ts";
import { parseConfig } from "../config/parse.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Host } from "../ir/host.ts";
import type { Layout } from "../layout/layout.ts";
import { layoutSystem } from "../layout/layout.ts";
import { resolveSystem } from "../resolve/resolve.ts";
import { hashOnce } from "./hash-once.ts";
import type { LinkFacts } from "./link-facts.ts";
import type { Pipeline } from "./pipeline.ts";
import { locate } from "./locate.ts";
import { pipeline } from "./pipeline.ts";
import type { CompileRequest, ImageFormat } from "./request.ts";
import type { CheckResult, CompileResult } from "./result.ts";

/** Everything short of images. */
export async function check(host: Host, request: CompileRequest): Promise<CheckResult> {
  const { value, diagnostics } = await placing(host, request).run();
  return { ...value, diagnostics: await locate(diagnostics, request.config) };
}

/** From a configuration to the files of its output folder. */
export async function compile(host: Host, request: CompileRequest): Promise<CompileResult> {
  const { value, diagnostics } = await placing(host, request).run();
  // Only a build pays for loading what makes files.
  const { link } = await import("./link.ts");
  const linked = value && (await link(value.placed, await buildFacts(host, request)));
  return {
    ...value,
    ...(linked?.value && { artifacts: linked.value }),
    diagnostics: await locate([...diagnostics, ...(linked?.diagnostics ?? [])], request.config),
  };
}

const buildFacts = async (host: Host, { name, version, config, images }: CompileRequest): Promise<LinkFacts> => ({
  version,
  configuration: { path: config.file.split("/").at(-1) ?? name, bytes: new TextEncoder().encode(config.text) },
  ...(config.variant !== undefined && { variant: config.variant }),
  ...(config.parameters && { parameters: config.parameters }),
  runTemplate: await host.readTemplate("run.sh.hbs"),
  scriptTemplate: await host.readTemplate("boot.cmd.hbs"),
  digest: hashOnce(host.digest),
  images: images ?? { formats: ["raw"], hash: "sha256" },
});

const placing = (host: Host, request: CompileRequest): Pipeline<Layout> =>
  pipeline(() => parseConfig(request.config.value))
    .to((config) => resolveSystem(config, request, host))
    .to((resolved) => checkResolved(resolved))
    .to((resolved) => layoutSystem(resolved, request.lock, request.relock))
    .to((layout) => checkLayout(layout))
    .to((layout) => checkLoading(layout, request.images?.formats ?? []));

function checkLayout(layout: Layout): Outcome<Layout> {
  const { value, diagnostics } = checkPlaced(layout.placed);
  return { ...(value && { value: layout }), diagnostics };
}

function checkLoading(layout: Layout, formats: readonly ImageFormat[]): Outcome<Layout> {
  const { value, diagnostics } = checkLoaded({ placed: layout.placed, formats });
  return { ...(value && { value: layout }), diagnostics };
}
