import { arrange } from "../diagnostics/collection.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { importDom0less } from "./dom0less/translate.ts";
import { importImageBuilder } from "./imagebuilder/translate.ts";
import { printSystem } from "./print.ts";
import type { ImportRequest } from "./request.ts";

/** The text of a `board.ts` that says what a file of another tool says; what it cannot say is told. */
export async function importSystem(request: ImportRequest): Promise<Outcome<string>> {
  const { value, diagnostics } = await read(request);
  const arranged = arrange(diagnostics, placed);
  return value === undefined ? { diagnostics: arranged } : { value: printSystem(value), diagnostics: arranged };
}

/** Each diagnostic has its place from where the text was read. */
const placed = { spanOf: () => undefined, literalOf: () => undefined };

async function read(request: ImportRequest): ReturnType<typeof importImageBuilder> {
  if (isBlob(request.bytes)) return importDom0less(request);
  const text = textOf(request.bytes);
  if (text === undefined) return unknown(request, "it is neither text nor a device tree blob");
  if (/^\s*(?:declare\b|[A-Z][A-Z0-9_]*(?:\[[^\]]*\])?\+?=)/m.test(text))
    return importImageBuilder({ name: request.file, text }, request);
  return unknown(request, "no line of it is one of a format that is known");
}

const unknown = ({ name }: ImportRequest, reason: string) => ({
  diagnostics: [diagnose("XI2201", { file: name, reason })],
});

/** Devicetree Specification 0.4, 5.2: the magic number. */
const isBlob = (bytes: Uint8Array): boolean => [0xd0, 0x0d, 0xfe, 0xed].every((byte, index) => bytes[index] === byte);

/** No configuration that a person wrote is longer. */
const longest = 2 ** 24;

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = bytes.length <= longest ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : "\0";
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
