import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../adapters/package.ts";
import type { Surroundings } from "../adapters/terminal.ts";

/** Shows a diagnostic's page. */
export async function explain(code: string, { stdout, stderr }: Surroundings): Promise<number> {
  const name = code.toUpperCase();
  if (!/^XI\d{4}$/.test(name)) {
    stderr(`error: "${code}" is no code of a diagnostic, which look like XI4001\n`);
    return 2;
  }
  try {
    stdout(await readFile(join(packageRoot, "docs", "diagnostics", `${name}.md`), "utf8"));
    return 0;
  } catch {
    stderr(`error: there is no diagnostic ${name}\n`);
    return 2;
  }
}
