import { Script } from "node:vm";
import type { Jiti, TransformOptions, TransformResult } from "jiti";
import { transform } from "sucrase";
import { remember } from "./places.ts";

/** What Sucrase leaves alone, and only an ECMAScript module could run: `import.meta` and `import()`. */
const beyondSucrase = /\bimport\s*(?:\.|\(|\/[*/])/;

/**
 * TypeScript (or modern JavaScript) as JavaScript with CommonJS imports. Sucrase loads in a fraction of the time of
 * Babel, jiti's own: that one is asked for what Sucrase leaves alone, and for the words and the place of a mistake.
 */
export function withoutTypes(options: TransformOptions, babel: Jiti): TransformResult {
  const { source, filename = "" } = options;
  if (beyondSucrase.test(source)) return withBabel(options, babel);
  try {
    const { code } = transform(source, {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
      filePath: filename,
    });
    // Sucrase lets some mistakes pass: the engine would find them, but not say where.
    new Script(`(async () => {${code}\n})`);
    return { code: remember(filename, source, code) };
  } catch {
    return withBabel(options, babel);
  }
}

function withBabel(options: TransformOptions, babel: Jiti): TransformResult {
  const { source, filename = "" } = options;
  return { code: remember(filename, source, babel.transform(options)) };
}
