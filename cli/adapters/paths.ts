import { isAbsolute, join, relative, sep } from "node:path";

/** How a file in `folder` calls one that a file in `from` calls `path`; with forward slashes. */
export function pathFrom(folder: string, from: string, path: string): string {
  if (isAbsolute(path) || folder === from) return path;
  return relative(folder, join(from, path)).split(sep).join("/");
}
