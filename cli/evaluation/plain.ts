type Path = readonly (string | number)[];

/** The first part of a value that is not plain data, and what it is. Functions are the usual case, forgotten to be called. */
export function firstNotPlain(
  value: unknown,
  path: Path = [],
  above: readonly unknown[] = [],
): { path: Path; what: string } | undefined {
  const what = notPlain(value);
  if (what !== undefined) return { path, what };
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return undefined;
  if (above.includes(value)) return { path, what: "a reference to what contains it" };
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) {
    const found = firstNotPlain((value as Record<string | number, unknown>)[key], [...path, key], [...above, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function notPlain(value: unknown): string | undefined {
  if (typeof value === "function") return "a function";
  if (typeof value === "symbol") return "a symbol";
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array)
    return undefined;
  if (value instanceof Promise) return "a promise (await it)";
  const prototype: unknown = Object.getPrototypeOf(value);
  // The configuration's modules run in this very thread, so its plain objects have our Object.prototype.
  if (prototype === Object.prototype || prototype === null) return undefined;
  return `an object of class ${value.constructor.name || "without a name"}`;
}
