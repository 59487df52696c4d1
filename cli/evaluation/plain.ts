type Path = readonly (string | number)[];

type Copied =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "not-plain"; readonly path: Path; readonly what: string };

/** No configuration is nested like this; what is comes from a loop, and would exhaust the stack of whoever reads it. */
const deepest = 64;

/**
 * A copy of a value that is plain data, or the first part that is not, and what it is. Functions are the usual case,
 * forgotten to be called. Each property is read once: a getter cannot answer the check one way and the reader another.
 */
export function plainCopy(value: unknown): Copied {
  try {
    return { kind: "value", value: copy(value, [], new Map()) };
  } catch (error) {
    if (error instanceof NotPlain) return { kind: "not-plain", path: error.path, what: error.message };
    throw error;
  }
}

class NotPlain extends Error {
  readonly path: Path;

  constructor(what: string, path: Path) {
    super(what);
    this.path = path;
  }
}

const unfinished = Symbol("unfinished");

/** `known` has what was copied before, so that an object that is mentioned often is copied once. */
function copy(value: unknown, path: Path, known: Map<object, unknown>): unknown {
  const what = notPlain(value, path);
  if (what !== undefined) throw new NotPlain(what, path);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const before = known.get(value);
  if (before === unfinished) throw new NotPlain("a reference to what contains it", path);
  if (before !== undefined) return before;
  if (path.length >= deepest) throw new NotPlain(`values nested more than ${deepest} deep`, path);
  known.set(value, unfinished);
  const copied = Array.isArray(value)
    ? Array.from(value as unknown[], (item, index) => copy(item, [...path, index], known))
    : Object.fromEntries(Object.keys(value).map((key) => [key, copy(Reflect.get(value, key), [...path, key], known)]));
  known.set(value, copied);
  return copied;
}

function notPlain(value: unknown, path: Path): string | undefined {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  // Bytes belong to a board's device tree and nowhere else.
  if (value instanceof Uint8Array) return path.at(-1) === "deviceTree" ? undefined : "an array of bytes";
  if (value instanceof Promise) return "a promise (await it)";
  const prototype: unknown = Object.getPrototypeOf(value);
  // The configuration's modules run in this very thread, so its plain objects have our Object.prototype.
  if (prototype === Object.prototype || prototype === null) return undefined;
  const name: unknown = (prototype as { constructor?: { name?: unknown } | null }).constructor?.name;
  return `an object of class ${typeof name === "string" && name !== "" ? name : "without a name"}`;
}
