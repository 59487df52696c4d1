import { Script } from "node:vm";
import type { Jiti, TransformOptions, TransformResult } from "jiti";
import { transform } from "sucrase";

/**
 * TypeScript (or modern JavaScript) as JavaScript with CommonJS imports. Sucrase loads in a fraction of the time of
 * Babel, jiti's own: that one is asked for what Sucrase leaves alone (`import.meta`), and for the words and the place
 * of a mistake.
 */
export function withoutTypes(options: TransformOptions, babel: Jiti): TransformResult {
  const { source, filename } = options;
  if (source.includes("import.meta")) return { code: babel.transform(options) };
  try {
    const { code } = transform(source, {
      transforms: ["typescript", "imports"],
      disableESTransforms: true,
      preserveDynamicImport: true,
      ...(filename !== undefined && { filePath: filename }),
    });
    // Sucrase lets some mistakes pass: the engine would find them, but not say where.
    new Script(`(async () => {${code}\n})`);
    return { code };
  } catch {
    return { code: babel.transform(options) };
  }
}
