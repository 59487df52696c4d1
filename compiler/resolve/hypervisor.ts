import { bytes, formatSize } from "../base/units.ts";
import { readImageHeader } from "../codecs/arm64-image.ts";
import { bootHeaderVersion, readBootHeader } from "../codecs/boot-header.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Host } from "../ir/host.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { HypervisorImage } from "../ir/resolved.ts";
import type { Target } from "../ir/target.ts";
import { isGzip } from "./gzip.ts";

/** Where a hypervisor's file is, and how outputs call it; and which it is for systems with PV links, where that is another. */
export interface HypervisorSource {
  readonly path: string;
  readonly name: string;
  readonly withPv?: { readonly path: string; readonly name: string };
}

/** What the core without devices between domains says of XenStore (hypervisor/core/no_pv.c); the other one never does. */
export const saysNoStore = "no domain serves XenStore";

/**
 * The file given on the command line: nothing in the configuration to point at, but `pv` where there are links, which not
 * every core serves.
 */
export async function resolveHypervisor(
  source: HypervisorSource,
  { target, hasLinks }: { readonly target: Target; readonly hasLinks: boolean },
  host: Host,
): Promise<Outcome<HypervisorImage>> {
  const what = "the hypervisor";
  const { name: path } = source;
  const answer = await host.readFile(source.path);
  if (answer.kind === "missing")
    return { diagnostics: [diagnose("XI2001", { what, path: source.path, named: "hypervisor" })] };
  if (answer.kind === "unreadable") return { diagnostics: [diagnose("XI2002", { what, path, reason: answer.reason })] };
  if (answer.bytes.length === 0) return { diagnostics: [diagnose("XI2003", { what, path })] };
  const recognised = recognise({ path, bytes: answer.bytes }, target);
  if (recognised.value?.kind !== "core" || !hasLinks || !includes(answer.bytes, saysNoStore)) return recognised;
  return { diagnostics: [diagnose("XI3204", { path }, { primary: { path: ["pv"], at: "key" } })] };
}

const includes = (file: Uint8Array, text: string): boolean => new TextDecoder("latin1").decode(file).includes(text);

function recognise(file: InputFile, target: Target): Outcome<HypervisorImage> {
  const header = readImageHeader(file.bytes);
  const { path } = file;
  if (!header)
    return {
      diagnostics: [diagnose("XI3201", { path, found: isGzip(file.bytes) ? "gzip-compressed" : "another file" })],
    };
  if (header.fileSize > file.bytes.length) {
    const needed = formatSize(header.fileSize);
    const size = formatSize(file.bytes.length);
    return { diagnostics: [diagnose("XI2004", { what: "the hypervisor", path, size, needed })] };
  }
  const kind = target.hypervisor;
  const bootHeader = readBootHeader(file.bytes);
  if (kind === "core" && bootHeader?.version !== bootHeaderVersion)
    return { diagnostics: [diagnose("XI3202", { path, other: bootHeader !== undefined })] };
  if (bootHeader && bootHeader.total_size !== 0) return { diagnostics: [diagnose("XI3203", { path })] };
  const imageSize = bytes(Math.max(header.imageSize, file.bytes.length));
  return { value: { file, kind, imageSize }, diagnostics: [] };
}
