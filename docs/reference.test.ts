import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decode, encode, property, setProperty, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../boards/index.ts";
import type { Target } from "../compiler/index.ts";
import { GiB, catalogue, check, formatTarget, xenVersions } from "../compiler/index.ts";
import { files, tableHost } from "../compiler/testing/system.ts";
import { exampleText, excerpt, renderReference } from "./reference/render.ts";
import { objects } from "./reference/schema.ts";
import { sections } from "./reference/sections.ts";

const text = renderReference();
const paths = [...objects.keys()];
const sectionOf = (path: string) => sections.find((section) => section.paths.includes(path));

describe("the reference", () => {
  it("is what docs/reference/ makes of the schema", async () => {
    await expect(text).toMatchFileSnapshot("reference.md");
  });

  it("describes each object of the language, and no other", () => {
    expect(sections.flatMap((section) => section.paths).sort()).toEqual(paths.toSorted());
  });

  it.each(paths)("describes each field of %j, and no other", (path) => {
    expect(Object.keys(sectionOf(path)?.fields ?? {}).sort()).toEqual(Object.keys(objects.get(path) ?? {}).sort());
  });

  it.each(paths)("tells the choices, the range and the default of each field of %j", (path) => {
    for (const [name, field] of Object.entries(objects.get(path) ?? {})) {
      const { type = "", otherwise = "" } = sectionOf(path)?.fields[name] ?? {};
      for (const choice of field.choices) expect([name, type]).toEqual([name, expect.stringContaining(`"${choice}"`)]);
      if (field.range && !type.includes("{range}"))
        expect([name, type]).toEqual([name, expect.stringContaining(String(field.range[1]))]);
      if (!field.required && field.preset === undefined) expect([name, otherwise]).not.toEqual([name, ""]);
    }
  });

  it("says the same of an object wherever it stands", () => {
    for (const {
      paths: [first = "", ...others],
    } of sections)
      for (const other of others) expect(objects.get(other)).toEqual(objects.get(first));
  });

  it("names diagnostics that exist, and all that judge a configuration", () => {
    const named = new Set([...text.matchAll(/XI\d{4}/g)].map(([code]) => code));
    const codes = Object.keys(catalogue);
    expect([...named].filter((code) => !codes.includes(code))).toEqual([]);
    expect(codes.filter((code) => /^XI[14]/.test(code) && !named.has(code))).toEqual([]);
  });

  it("leads to sections that it has", () => {
    const titles = [...text.matchAll(/^##+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase());
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !titles.includes(target))).toEqual([]);
  });
});

const examples = readdirSync(fileURLToPath(new URL("reference/examples", import.meta.url))).map((name) =>
  name.replace(".ts", ""),
);

async function valueOf(example: string): Promise<unknown> {
  const module = (await import(`./reference/examples/${example}.ts`)) as { readonly default: unknown };
  return module.default;
}

/** What stands at a path of the schema: `*` is any name, lists are gone through, PV links are told apart by their kind. */
function valuesAt(value: unknown, [part, ...rest]: readonly string[]): readonly unknown[] {
  if (Array.isArray(value) && (part === undefined || !/^\d+$/.test(part)))
    return value.flatMap((item: unknown) => {
      const kind: unknown = item !== null && typeof item === "object" ? Reflect.get(item, "kind") : undefined;
      if (kind === undefined) return valuesAt(item, part === undefined ? [] : [part, ...rest]);
      return kind === part ? valuesAt(item, rest) : [];
    });
  if (part === undefined) return [value];
  if (typeof value !== "object" || value === null) return [];
  const next = part === "*" ? Object.values(value) : [Reflect.get(value, part) as unknown];
  return next.flatMap((each) => valuesAt(each, rest));
}

/** Tuples are found by their elements. */
const has = (value: unknown, field: string): boolean =>
  typeof value === "object" && value !== null && Reflect.get(value, field) !== undefined;

describe("the examples of the reference", () => {
  it("are all shown", () => {
    expect([...new Set(sections.flatMap((section) => section.examples ?? []))].sort()).toEqual(examples.toSorted());
  });

  const shown = sections.flatMap((section) => section.paths.slice(0, 1).map((path) => ({ ...section, path })));
  it.each(shown)("have each field of $title", async ({ path, title, examples: its = [] }) => {
    const values = await Promise.all(its.map(valueOf));
    const parts = path === "" ? [] : path.split(".");
    const excerpts = its.map((example) => excerpt(exampleText(example), title)).join("\n");
    for (const field of Object.keys(objects.get(path) ?? {})) {
      const found =
        parts.at(-1) === "from"
          ? values.flatMap((value) => tuples(value))
          : values.flatMap((value) => valuesAt(value, parts));
      expect([field, found.some((each) => has(each, field))]).toEqual([field, true]);
      if (!/^\d$/.test(field)) expect(excerpts).toMatch(new RegExp(`\\b${field}\\b`));
    }
  });

  it.each(examples)("%s is sound", async (example) => {
    // Kinds of links that nobody serves are shown, too.
    const unserved = example === "pv" ? [/^XI4950 a "9pfs" link/] : [];
    expect(await checked(example)).toEqual(unserved.map((line) => expect.stringMatching(line) as unknown));
  });
});

/** A tuple is a list as well: it is not to be gone through. */
const tuples = (value: unknown): readonly unknown[] =>
  valuesAt(value, ["eventChannels"]).flatMap((channel) => [Reflect.get(channel as object, "from") as unknown]);

const vendor = qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }).deviceTree;

function armv8r(): Uint8Array {
  const decoded = decode(vendor);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  const model = property("compatible", strings("arm,cortex-r82"));
  return encode(["/cpus/cpu@0", "/cpus/cpu@1"].reduce((tree, path) => setProperty(tree, path, model), decoded.value));
}

const table = {
  ...files,
  "zephyr.bin": files.Image,
  "rootfs.cpio.gz": files["rootfs.cpio"],
  "vendor.dtb": vendor,
  "armv8r.dtb": armv8r(),
};

const targets: readonly Target[] = [
  { hypervisor: "core" },
  ...xenVersions.map((version): Target => ({ hypervisor: "xen", version })),
];

/** Codes that `xenimg check` gives for the target that the example's first line names. */
async function checked(example: string): Promise<readonly string[]> {
  const source = exampleText(example);
  const [, name = "core"] = /^\/\/ xenimg check --target (\S+)$/m.exec(source) ?? [];
  const target = targets.find((each) => formatTarget(each) === name);
  if (target === undefined) throw new Error(`no target ${name}`);
  const { diagnostics } = await check(tableHost(table), {
    config: { file: "board.ts", text: source, value: await valueOf(example) },
    name: "board",
    target,
    version: "0",
    hypervisor: { path: "core.img", name: "core.img" },
  });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}
