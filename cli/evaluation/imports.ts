import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { EvaluationAnswer } from "./protocol.ts";

/** An import that must not even be tried. */
export class ImportError extends Error {
  readonly answer: EvaluationAnswer;

  constructor(specifier: string, importer: string) {
    const reason = "it is no regular file";
    super(`${specifier}: ${reason}`);
    this.answer = { kind: "unreadable", specifier, importer, reason };
  }
}

const importPattern = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.{0,2}\/[^"'\n]+)["']/g;
/** What the loader tries for a path without one. */
const extensions = ["", ".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** Throws where a file imports a pipe or a device by path: reading it might never end. */
export function checkImports(source: string, importer: string): void {
  for (const [, specifier = ""] of source.matchAll(importPattern)) {
    const path = resolve(dirname(importer), specifier);
    const found = extensions
      .map((extension) => statSync(path + extension, { throwIfNoEntry: false }))
      .find((facts) => facts !== undefined && !facts.isDirectory());
    if (found !== undefined && !found.isFile()) throw new ImportError(specifier, importer);
  }
}
