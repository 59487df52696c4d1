import { checkLoaded, checkPlaced, checkResolved } from "../check/check.ts";
import { parseConfig } from "../config/parse.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
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
import type { OtherSystem } from "./together.ts";
import { wrongNames } from "./together.ts";
import type { CheckResult, CompileResult, TogetherResult } from "./result.ts";

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

/** A system with the machine on which its files are. */
export interface HostedRequest {
  readonly host: Host;
  readonly request: CompileRequest;
}

/** Several systems as configurations of one FIT, the first of them the default. Its files lie as if it were alone. */
export async function compileTogether(systems: readonly HostedRequest[]): Promise<TogetherResult> {
  const wrong = wrongNames(systems.map(({ request }) => request.name));
  if (wrong.length > 0) return { diagnostics: wrong, locks: [] };
  const diagnostics: Diagnostic[] = [];
  const laid: (HostedRequest & { readonly layout: Layout })[] = [];
  const locks = new Map<string, string | undefined>();
  for (const { host, request } of systems) {
    const folder = request.config.file.replace(/[^/\\]*$/, "");
    // The file is one for all systems of a folder.
    const lock = locks.get(folder) ?? request.lock;
    const { value, diagnostics: found } = await placing(host, {
      ...request,
      ...(lock !== undefined && { lock }),
    }).run();
    diagnostics.push(...(await locate(found, request.config)));
    if (value) laid.push({ layout: value, host, request });
    if (value?.lock !== undefined) locks.set(folder, value.lock);
  }
  const [main, ...rest] = laid;
  if (main === undefined || laid.length < systems.length) return { diagnostics, locks: [] };
  const { linkOther, link } = await import("./link.ts");
  const facts = await buildFacts(main.host, main.request);
  const others: OtherSystem[] = [];
  const { digest } = facts;
  for (const { layout, host, request } of rest) {
    const own = { ...(await buildFacts(host, request)), digest };
    const { value, diagnostics: found } = await linkOther(layout.placed, request.name, own);
    diagnostics.push(...(await locate(found, request.config)));
    if (value) others.push(value);
  }
  if (others.length < rest.length) return { diagnostics, locks: [] };
  const together = { name: main.request.name, others };
  const { value: artifacts, diagnostics: found } = await link(main.layout.placed, { ...facts, together });
  return {
    ...(artifacts && { artifacts }),
    diagnostics: [...diagnostics, ...(await locate(found, main.request.config))],
    locks: laid.map(({ layout }) => layout.lock),
  };
}

const buildFacts = async (host: Host, { name, version, config, images }: CompileRequest): Promise<LinkFacts> => ({
  version,
  configuration: { path: config.file.split("/").at(-1) ?? name, bytes: new TextEncoder().encode(config.text) },
  ...(config.variant !== undefined && { variant: config.variant }),
  ...(config.parameters && { parameters: config.parameters }),
  runTemplate: await host.readTemplate("run.sh.hbs"),
  pvTemplate: await host.readTemplate("pv.sh.hbs"),
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
