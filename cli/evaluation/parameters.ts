import type { EvaluationAnswer } from "./protocol.ts";

type Text = Readonly<Record<string, string>>;
type Value = string | number | boolean;

interface Named {
  /** With what each is where nobody sets it. */
  readonly values: ReadonlyMap<string, Value>;
  /** Of those whose default is something else. */
  readonly others: readonly string[];
}

/** The parameters that a function of `defineSystem` names. */
export function namedParameters(exported: object): Named | undefined {
  const named: unknown = Reflect.get(exported, "parameters");
  if (typeof named !== "object" || named === null) return undefined;
  const values = Object.keys(named).map((name) => [name, Reflect.get(named, name) as unknown] as const);
  return {
    values: new Map(values.filter((each): each is readonly [string, Value] => isValue(each[1]))),
    others: values.filter(([, value]) => !isValue(value)).map(([name]) => name),
  };
}

const isValue = (value: unknown): value is Value => ["string", "number", "boolean"].includes(typeof value);

/** What was set, each of the type that its default has; or the first that cannot be. */
export function typedParameters(
  set: Text,
  named: ReadonlyMap<string, Value>,
): { readonly values: Readonly<Record<string, Value>> } | EvaluationAnswer {
  const values: Record<string, Value> = Object.fromEntries(named);
  for (const [name, text] of Object.entries(set)) {
    const otherwise = named.get(name);
    if (otherwise === undefined) return { kind: "no-such-parameter", name, known: [...named.keys()] };
    const { value, expected } = readers[typeof otherwise as "string" | "number" | "boolean"](text);
    if (value === undefined) return { kind: "bad-parameter", name, found: text, expected };
    values[name] = value;
  }
  return { values };
}

interface Read {
  readonly value: Value | undefined;
  readonly expected: string;
}

const readers = {
  string: (text: string): Read => ({ value: text, expected: "text" }),
  /** As in the configuration itself: "0x8000_0000" is a number, "" is none. */
  number: (text: string): Read => {
    const value = text.trim() === "" ? Number.NaN : Number(text.replaceAll("_", ""));
    return { value: Number.isFinite(value) ? value : undefined, expected: "a number" };
  },
  boolean: (text: string): Read => ({
    value: text === "true" ? true : text === "false" ? false : undefined,
    expected: "true or false",
  }),
};
