import { readFileSync } from "node:fs";
import type { z } from "zod";
import { describe, expect, it } from "vitest";
import { system } from "../compiler/config/schema.ts";
import { catalogue } from "../compiler/index.ts";

const text = readFileSync(new URL("reference.md", import.meta.url), "utf8");

/** A field as the schema has it: `undefined` where it may be left out and nothing takes its place. */
interface Field {
  readonly required: boolean;
  readonly preset: unknown;
}

type Objects = Map<string, Readonly<Record<string, Field>>>;

type Schema = z.core.$ZodType;

/** zod's description of a schema, as far as this language uses it. */
interface Def {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly items?: readonly Schema[];
  readonly options?: readonly Schema[];
  /** The field by which the options are told apart. */
  readonly discriminator?: string;
  readonly values?: readonly unknown[];
  readonly valueType?: Schema;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly in?: Schema;
  readonly defaultValue?: unknown;
}
const defOf = (schema: Schema): Def => schema._zod.def;

/** Every object of the language with its fields, by path; lists and choices are looked through, tuples are objects. */
function walk(schema: Schema, path: string, objects: Objects): Objects {
  const { shape, items, valueType, options = [], innerType, element, in: input, discriminator } = defOf(schema);
  const parts = shape ?? (items && Object.fromEntries(items.entries()));
  if (parts) {
    objects.set(path, Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, fieldOf(part)])));
    for (const [name, part] of Object.entries(parts)) walk(part, path === "" ? name : `${path}.${name}`, objects);
  }
  if (valueType) walk(valueType, `${path}.*`, objects);
  if (discriminator !== undefined)
    for (const option of options) walk(option, `${path}.${literalOf(option, discriminator)}`, objects);
  else for (const inner of options) walk(inner, path, objects);
  for (const inner of [innerType, element, input]) if (inner) walk(inner, path, objects);
  return objects;
}

const literalOf = (option: Schema, field: string): string => {
  const kind = defOf(option).shape?.[field];
  return String(kind && defOf(kind).values?.[0]);
};

function fieldOf(schema: Schema): Field {
  const { type, in: input, defaultValue } = defOf(schema);
  if (input && type === "pipe") return fieldOf(input);
  return { required: type !== "default" && type !== "optional", preset: defaultValue };
}

interface Row {
  readonly field: string;
  readonly preset: string;
  readonly cells: readonly string[];
}

/** The tables of the reference, by each path that the line above them names. */
function tables(): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, readonly Row[]>();
  for (const section of text.split(/^##+ /m).slice(1)) {
    const [, where = ""] = /^Where: (.*)$/m.exec(section) ?? [];
    const paths = [...where.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => (path === "defineSystem" ? "" : path));
    const rows = [...section.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, field = "", rest = ""]) => {
      const cells = rest.split("|").map((cell) => cell.trim());
      return { field, preset: cells[1] ?? "", cells };
    });
    for (const path of paths) found.set(path, rows);
  }
  return found;
}

const schema = walk(system, "", new Map());
const reference = tables();

describe("the reference", () => {
  it("describes each object of the language, and no other", () => {
    expect([...reference.keys()].sort()).toEqual([...schema.keys()].sort());
  });

  it.each([...schema.keys()])("describes each field of %j in the schema's order, and no other", (path) => {
    expect(reference.get(path)?.map(({ field }) => field)).toEqual(Object.keys(schema.get(path) ?? {}));
  });

  it("says of each field whether it is required, and its default", () => {
    for (const [path, fields] of schema)
      for (const [name, { required, preset }] of Object.entries(fields)) {
        const said = reference.get(path)?.find(({ field }) => field === name)?.preset ?? "";
        expect([path, name, said.startsWith("required")]).toEqual([path, name, required]);
        if (preset !== undefined && !isObject(preset)) expect(said).toContain(`\`${JSON.stringify(preset)}\``);
      }
  });

  it("has five cells in each row, none but the last empty", () => {
    for (const { field, cells } of [...reference.values()].flat()) {
      expect([field, cells.length]).toEqual([field, 4]);
      expect([field, cells.slice(0, -1).includes("")]).toEqual([field, false]);
    }
  });

  it("names diagnostics that exist, and all that judge a configuration", () => {
    const named = new Set([...text.matchAll(/XI\d{4}/g)].map(([code]) => code));
    const codes = Object.keys(catalogue);
    expect([...named].filter((code) => !codes.includes(code))).toEqual([]);
    expect(codes.filter((code) => /^XI[14]/.test(code) && !named.has(code))).toEqual([]);
  });

  it("leads to sections that it has", () => {
    const sections = [...text.matchAll(/^##+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase());
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = ""]) => target);
    expect(links.filter((target) => !sections.includes(target))).toEqual([]);
  });
});

/** A default that is itself an object has rows of its own. */
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);
