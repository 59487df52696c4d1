import { findNode, getProperty } from "../../find.ts";
import { readString } from "../../read.ts";
import type { DeviceTree } from "../../tree.ts";

/** As libfdt reads a path: where it does not begin with "/", it begins with an alias. Undefined where there is no such alias. */
export function fullPath(tree: DeviceTree, path: string): string | undefined {
  if (path.startsWith("/")) return path;
  const [alias = "", ...rest] = path.split("/");
  const aliases = findNode(tree, "/aliases");
  const property = aliases && getProperty(aliases, alias);
  const target = property && readString(property.value);
  return target === undefined ? undefined : [target, ...rest].join("/");
}
