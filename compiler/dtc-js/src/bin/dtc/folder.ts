import { guessBootCpuid } from "../../boot-cpuid.ts";
import { node, property } from "../../build.ts";
import type { DeviceTree, Node } from "../../tree.ts";
import { raw } from "../../value.ts";
import { die } from "../command.ts";
import type { Host } from "../host.ts";
import { FileError } from "../reasons.ts";

/** How deep folders may nest, how many names they have in all, and bytes in their files: links may lead anywhere. */
const MAX_DEPTH = 64;
const MAX_NAMES = 100_000;
const MAX_BYTES = 2 ** 28;

/** A folder like /proc/device-tree: folders are nodes, files are properties. Links are what they lead to. */
export function readFolder(host: Host, path: string): DeviceTree {
  const root = readNode({ host, names: MAX_NAMES, bytes: MAX_BYTES }, path, "", 0);
  return { reservations: [], bootCpuid: guessBootCpuid(root), root };
}

/** What may still be read. */
interface Reading {
  readonly host: Host;
  names: number;
  bytes: number;
}

function readNode(reading: Reading, path: string, name: string, depth: number): Node {
  if (depth > MAX_DEPTH) die(`${path}: folders nest too deep`);
  const entries = inside(`Couldn't opendir() "${path}"`, () => reading.host.list(path));
  reading.names -= entries.length;
  if (reading.names < 0) die(`${path}: more than ${MAX_NAMES} files and folders`);
  const lost = entries.find(({ kind }) => kind === "none");
  if (lost) die(`stat(${path}/${lost.name}): No such file or directory`);
  const files = entries.filter(({ kind }) => kind === "file");
  const folders = entries.filter(({ kind }) => kind === "folder");
  return node(name, {
    properties: files.map((file) => property(file.name, raw(readFile(reading, `${path}/${file.name}`)))),
    children: folders.map((folder) => readNode(reading, `${path}/${folder.name}`, folder.name, depth + 1)),
  });
}

function readFile(reading: Reading, path: string): Uint8Array {
  const bytes = inside(`Cannot open ${path}`, () => reading.host.read(path, reading.bytes));
  reading.bytes -= bytes.length;
  return bytes;
}

function inside<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof FileError) die(`${what}: ${fault.reason}`);
    throw fault;
  }
}
