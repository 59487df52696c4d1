import { findNode, getProperty } from "../../find.ts";
import type { DeviceTree } from "../../tree.ts";
import { textOf } from "./types.ts";

/**
 * As libfdt reads a path: where it does not begin with "/", it begins with an alias. Undefined where there is no such
 * alias, or it is no full path.
 */
export function fullPath(tree: DeviceTree, path: string): string | undefined {
  if (path.startsWith("/")) return path;
  const [alias = "", ...rest] = path.split("/");
  const aliases = findNode(tree, "/aliases");
  const property = aliases && getProperty(aliases, alias);
  if (property?.value.bytes.at(-1) !== 0) return undefined;
  const [target = ""] = textOf(property.value.bytes).split("\0");
  return target.startsWith("/") ? [target, ...rest].join("/") : undefined;
}
