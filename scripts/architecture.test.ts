import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import type { ICruiseResult, IFlattenedRuleSet } from "dependency-cruiser";
import { afterAll, describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const rules = createRequire(import.meta.url)("../.dependency-cruiser.cjs") as IFlattenedRuleSet & {
  forbidden: { name: string }[];
  options: Record<string, unknown>;
};

/** Inside the repository, so that the planted files find its node_modules. */
mkdirSync(join(root, ".cache"), { recursive: true });
const plot = mkdtempSync(join(root, ".cache", "architecture-"));
afterAll(() => {
  rmSync(plot, { recursive: true, force: true });
});

/** For each rule, a house that breaks it: file → what it imports. */
const planted: Record<string, Record<string, string>> = {
  "no-cycles": { "compiler/base/a.ts": "./b.ts", "compiler/base/b.ts": "type ./a.ts" },
  "no-unresolved": { "compiler/base/a.ts": "./nowhere.ts" },
  "no-test-code": { "compiler/base/a.ts": "./a.test.ts" },
  "base-imports-nothing": { "compiler/base/a.ts": "type ../ir/a.ts" },
  "diagnostics-import-base": { "compiler/diagnostics/a.ts": "type ../ir/a.ts" },
  "dtc-js-stands-alone": { "compiler/dtc-js/src/a.ts": "../../base/a.ts" },
  "ir-below-stages": { "compiler/ir/a.ts": "type ../check/a.ts" },
  "codecs-know-base": { "compiler/codecs/a.ts": "type ../ir/a.ts" },
  "stages-are-strangers": { "compiler/check/a.ts": "type ../layout/a.ts" },
  "import-knows-the-language": { "compiler/import/a.ts": "type ../config/parse.ts" },
  "stages-know-no-import": { "compiler/layout/a.ts": "type ../import/a.ts" },
  "stages-below-driver": { "compiler/emit/a.ts": "type ../driver/a.ts" },
  "driver-below-index": { "compiler/driver/a.ts": "type ../index.ts" },
  "compiler-below-cli": { "compiler/pack/a.ts": "type ../../cli/a.ts" },
  "through-the-front-door": { "cli/a.ts": "../compiler/driver/a.ts" },
  "boards-below-cli": { "boards/a.ts": "../cli/a.ts" },
  "compiler-is-pure": { "compiler/resolve/a.ts": "node:fs" },
  "zod-only-in-config": { "compiler/check/a.ts": "zod" },
  "babel-parser-only-in-config": { "compiler/driver/a.ts": "@babel/parser" },
  "handlebars-only-in-emit": { "compiler/lower/a.ts": "handlebars" },
  "peculiar-asn1-schema-only-in-codecs": { "compiler/sign/a.ts": "@peculiar/asn1-schema" },
  "peculiar-asn1-cms-only-in-codecs": { "compiler/sign/a.ts": "@peculiar/asn1-cms" },
  "peculiar-asn1-x509-only-in-codecs": { "cli/a.ts": "@peculiar/asn1-x509" },
  "commander-only-in-cli": { "compiler/driver/a.ts": "commander" },
  "execa-only-in-cli": { "boards/a.ts": "execa" },
  "jiti-only-in-cli": { "compiler/config/a.ts": "jiti" },
  "sucrase-only-in-cli": { "compiler/config/a.ts": "sucrase" },
};

async function violations(name: string, files: Record<string, string>): Promise<string[]> {
  const baseDir = join(plot, name);
  for (const [file, target] of Object.entries(files)) {
    write(baseDir, file, target);
    if (!target.replace("type ", "").startsWith(".") || target.includes("nowhere")) continue;
    const path = join(dirname(file), target.replace("type ", ""));
    if (files[path] === undefined) write(baseDir, path, undefined);
  }
  const options = { ...rules.options, baseDir, ruleSet: { forbidden: rules.forbidden }, validate: true };
  const result = (await cruise(["."], options)).output as ICruiseResult;
  return result.summary.violations.map((violation) => violation.rule.name);
}

function write(baseDir: string, file: string, target: string | undefined): void {
  mkdirSync(dirname(join(baseDir, file)), { recursive: true });
  const [path = "", isType] = (target ?? "").split(" ").reverse();
  const text =
    target === undefined
      ? ""
      : `import ${isType === undefined ? "" : "type "}{ it } from "${path}";\nexport type { it };\n`;
  writeFileSync(join(baseDir, file), text);
}

describe("the house's arrows", () => {
  it("have a planted violation each", () => {
    expect(rules.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(planted).sort());
  });

  it.each(Object.entries(planted))("%s finds its planted violation", async (name, files) => {
    expect(await violations(name, files)).toContain(name);
  });

  it("allow what the design allows", async () => {
    const sound = {
      "cli/a.ts": "../compiler/index.ts",
      "boards/a.ts": "type ../compiler/index.ts",
      "compiler/index.ts": "./driver/a.ts",
      "compiler/import/a.ts": "type ../config/input.ts",
      "compiler/driver/a.ts": "../check/a.ts",
      "compiler/check/a.ts": "type ../ir/a.ts",
      "compiler/ir/a.ts": "../base/a.ts",
      "compiler/config/a.ts": "zod",
      "compiler/check/a.test.ts": "node:fs",
    };
    expect(await violations("sound", sound)).toEqual([]);
  });
});
