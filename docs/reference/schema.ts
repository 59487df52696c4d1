import type { z } from "zod";
import { system } from "../../compiler/config/schema.ts";

/** A field as the schema has it. */
export interface Field {
  readonly required: boolean;
  /** What takes the place of one that is left out; `undefined` where nothing does. */
  readonly preset: unknown;
  /** Least and most of a number. */
  readonly range: readonly [number, number] | undefined;
  /** The texts that it may be, of which each means something of its own. */
  readonly choices: readonly string[];
}

export type Objects = ReadonlyMap<string, Readonly<Record<string, Field>>>;

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
  readonly entries?: Readonly<Record<string, string>>;
  readonly valueType?: Schema;
  readonly innerType?: Schema;
  readonly element?: Schema;
  readonly in?: Schema;
  readonly defaultValue?: unknown;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly value?: unknown } };
  }[];
}
const defOf = (schema: Schema): Def => schema._zod.def;

type Found = Map<string, Readonly<Record<string, Field>>>;

function walk(schema: Schema, path: string, found: Found): Found {
  const { shape, items, valueType, options = [], innerType, element, in: input, discriminator } = defOf(schema);
  const parts = shape ?? (items && Object.fromEntries(items.entries()));
  if (parts) {
    found.set(path, Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, fieldOf(part)])));
    for (const [name, part] of Object.entries(parts)) walk(part, path === "" ? name : `${path}.${name}`, found);
  }
  if (valueType) walk(valueType, `${path}.*`, found);
  for (const option of options)
    walk(option, discriminator === undefined ? path : `${path}.${literalOf(option, discriminator)}`, found);
  for (const inner of [innerType, element, input]) if (inner) walk(inner, path, found);
  return found;
}

function literalOf(option: Schema, field: string): string {
  const kind = defOf(option).shape?.[field];
  return String(kind && defOf(kind).values?.[0]);
}

function fieldOf(schema: Schema): Field {
  const { type, in: input, defaultValue } = defOf(schema);
  if (input && type === "pipe") return fieldOf(input);
  return {
    required: type !== "default" && type !== "optional",
    preset: defaultValue,
    range: rangeOf(schema),
    choices: choicesOf(schema),
  };
}

/** What is under the wrappers of a schema: itself, what may be left out, what is transformed later. */
function inside(schema: Schema): readonly Schema[] {
  const { innerType, in: input, element, options = [] } = defOf(schema);
  return [schema, ...[innerType, input, element, ...options].flatMap((each) => (each ? inside(each) : []))];
}

function rangeOf(schema: Schema): readonly [number, number] | undefined {
  for (const each of inside(schema)) {
    const { type, checks = [] } = defOf(each);
    if (type !== "number") continue;
    const limit = (check: string): unknown => checks.find(({ _zod }) => _zod.def.check === check)?._zod.def.value;
    const [least, most] = [limit("greater_than"), limit("less_than")];
    if (typeof least === "number" && typeof most === "number") return [least, most];
  }
  return undefined;
}

const choicesOf = (schema: Schema): readonly string[] =>
  inside(schema).flatMap((each) => {
    const { type, entries = {}, values = [] } = defOf(each);
    return type === "enum" ? Object.values(entries) : type === "literal" ? values.filter(isText) : [];
  });

const isText = (value: unknown): value is string => typeof value === "string";

/** Every object of the language with its fields, by path; lists and choices are looked through, tuples are objects. */
export const objects: Objects = walk(system, "", new Map());
