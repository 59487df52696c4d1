import { guessBootCpuid } from "../../boot-cpuid.ts";
import { node, property } from "../../build.ts";
import type { DeviceTree, Node } from "../../tree.ts";
import { raw } from "../../value.ts";
import { die } from "../command.ts";
import { FileError, type Host } from "../host.ts";

/** How deep folders may nest: links may lead anywhere. */
const MAX_DEPTH = 64;

/** A folder like /proc/device-tree: folders are nodes, files are properties. */
export function readFolder(host: Host, path: string): DeviceTree {
  const root = readNode(host, path, "", 0);
  return { reservations: [], bootCpuid: guessBootCpuid(root), root };
}

function readNode(host: Host, path: string, name: string, depth: number): Node {
  if (depth > MAX_DEPTH) die(`${path}: folders nest too deep`);
  try {
    const entries = host.list(path);
    const files = entries.filter(({ kind }) => kind === "file");
    const folders = entries.filter(({ kind }) => kind === "folder");
    return node(name, {
      properties: files.map((file) => property(file.name, raw(host.read(`${path}/${file.name}`)))),
      children: folders.map((folder) => readNode(host, `${path}/${folder.name}`, folder.name, depth + 1)),
    });
  } catch (fault) {
    if (fault instanceof FileError) die(`Couldn't opendir() "${path}": ${fault.reason}`);
    throw fault;
  }
}
