import type { ConfigPath } from "../diagnostics/diagnostic.ts";

/** Values in a configuration, lists and what is in them counted: several times those of a thousand domains. */
export const mostValues = 100_000;

/**
 * The largest list or object of a configuration that holds more than `mostValues` values, if it does. Looked at before
 * anything else: the time and the messages that a generated file may cost stay bounded. A list counts as long as it
 * says it is.
 */
export function beyondExtent(root: unknown): ConfigPath | undefined {
  const left: { readonly value: unknown; readonly path: ConfigPath }[] = [{ value: root, path: [] }];
  let count = 0;
  let largest: { readonly path: ConfigPath; readonly keys: number } = { path: [], keys: 0 };
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) continue;
    const keys = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (keys > largest.keys) largest = { path, keys };
    count += keys;
    if (count > mostValues) return largest.path;
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [key, inner] of entries) left.push({ value: inner, path: [...path, key] });
  }
  return undefined;
}
