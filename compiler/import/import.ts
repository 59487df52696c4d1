import { arrange } from "../diagnostics/collection.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { importDom0less } from "./dom0less/translate.ts";
import { importImageBuilder } from "./imagebuilder/translate.ts";
import { kindOf } from "./kind.ts";
import { printSystem } from "./print.ts";
import type { FileRequest, ImportRequest } from "./request.ts";
import type { ImportedSystem } from "./system.ts";
import { importXl } from "./xl/translate.ts";

/** The text of a `board.ts` that says what files of another tool say; what it cannot say is told. */
export async function importSystem(request: ImportRequest): Promise<Outcome<string>> {
  const { value, diagnostics } = await read(request);
  const arranged = arrange(diagnostics, placed);
  return value === undefined ? { diagnostics: arranged } : { value: printSystem(value), diagnostics: arranged };
}

/** Each diagnostic has its place from where the text was read. */
const placed = { spanOf: () => undefined, literalOf: () => undefined };

async function read(request: ImportRequest): Promise<Outcome<ImportedSystem>> {
  const files = request.files.map((file) => ({ file, found: kindOf(file.bytes) }));
  const unknown = files.flatMap(({ file: { name }, found }) =>
    found.kind === "unknown" ? [diagnose("XI2201", { file: name, reason: found.reason })] : [],
  );
  if (unknown.length > 0) return { diagnostics: unknown };
  const xl = files.flatMap(({ file, found }) => (found.kind === "xl" ? [{ ...file, text: found.text }] : []));
  if (xl.length === files.length) return importXl(xl, request);
  const others = files.filter(({ found }) => found.kind !== "xl");
  if (files.length > 1) return { diagnostics: others.map(({ file: { name } }) => diagnose("XI2265", { file: name })) };
  return importOne({ ...request.files[0], recognise: request.recognise }, request);
}

async function importOne(file: FileRequest, { deviceTree }: ImportRequest): Promise<Outcome<ImportedSystem>> {
  const found = kindOf(file.bytes);
  const { value, diagnostics } =
    found.kind === "imagebuilder"
      ? await importImageBuilder({ name: file.file, text: found.text }, file)
      : await importDom0less(file);
  const why = "the file itself says which board it is";
  const unused = deviceTree ? [diagnose("XI2207", { name: "--device-tree", why })] : [];
  return { ...(value && { value }), diagnostics: [...diagnostics, ...unused] };
}
