import type { DeviceTree, Node } from "dtc-js";
import { decode, findNode, getProperty, readCell, readCells, readString, readStrings } from "dtc-js";
import { MiB, alignUp } from "../base/units.ts";
import type { OwnBoard, ProfileCall } from "./system.ts";

/** What import needs of a board's device tree: the CPUs that its `cpus` labels stand for, and a profile if it has one. */
export interface BoardTree {
  /** Names of the enabled nodes in /cpus, in the tree's order: "cpu@0". */
  readonly cpuNodes: readonly string[];
  /** In the same order. */
  readonly labels: readonly string[];
  /** "serial0" and such, of /aliases. */
  readonly aliases: readonly string[];
  readonly board: ProfileCall | OwnBoard;
  readonly tree: DeviceTree;
}

/** The profile that a tree is of, as the command line knows them. */
export type Recognise = (blob: Uint8Array, path: string) => ProfileCall | undefined;

/** Reads a blob; undefined, with the reason, for what is none, or has no CPUs. `path` is as `board.ts` will name it. */
export function boardTree(
  blob: Uint8Array,
  path: string,
  recognise: Recognise,
  windowStart = 0,
): { readonly tree: BoardTree } | { readonly reason: string } {
  const decoded = decode(blob);
  if (!decoded.ok) return { reason: decoded.diagnostics[0].message };
  const { value: tree } = decoded;
  const cpuNodes = (findNode(tree, "/cpus")?.children ?? []).filter(isCpu).map(({ name }) => name);
  if (cpuNodes.length === 0) return { reason: "it has no CPUs under /cpus" };
  const profile = recognise(blob, path);
  const labels = profile?.cpus ?? cpuNodes.map((_, index) => `cpu${index}`);
  const aliases = (findNode(tree, "/aliases")?.properties ?? []).map(({ name }) => name);
  const own = {
    name: nameOf(tree),
    parameters: {},
    cpus: labels,
    deviceTree: path,
    loadAddress: loadAddress(tree, windowStart),
  };
  return { tree: { cpuNodes, labels, aliases, board: profile ?? own, tree } };
}

function isCpu(node: Node): boolean {
  const text = (name: string): string | undefined => {
    const property = getProperty(node, name);
    return property && readString(property.value);
  };
  return text("device_type") === "cpu" && ["okay", "ok"].includes(text("status") ?? "okay");
}

/** "xlnx,zynqmp-zcu102" is that board's name. */
function nameOf({ root }: DeviceTree): string {
  const property = getProperty(root, "compatible");
  return (property && readStrings(property.value)?.[0]) ?? "board";
}

/** Where a loader was told to put things, if that is RAM; else the first RAM, but for the 2 MiB that firmware likes. */
function loadAddress(tree: DeviceTree, windowStart: number): number {
  const wanted = alignUp(windowStart, MiB(2));
  const ram = memory(tree);
  const holds = ram.some(({ start, size }) => start <= wanted && wanted < start + size);
  return windowStart > 0 && holds ? wanted : alignUp(Math.min(...ram.map(({ start }) => start)), MiB(2)) + MiB(2);
}

function memory({ root }: DeviceTree): readonly { readonly start: number; readonly size: number }[] {
  const count = (name: string, preset: number): number => {
    const property = getProperty(root, name);
    return (property && readCell(property.value)) ?? preset;
  };
  const [addressCells, sizeCells] = [count("#address-cells", 2), count("#size-cells", 1)];
  const pairs = root.children
    .filter(({ name }) => /^memory(@|$)/.test(name))
    .flatMap(({ properties }) => {
      const reg = properties.find(({ name }) => name === "reg");
      const cells = (reg && readCells(reg.value)) ?? [];
      const step = addressCells + sizeCells;
      if (step === 0) return [];
      return Array.from({ length: Math.floor(cells.length / step) }, (_, index) => {
        const tuple = cells.slice(index * step, (index + 1) * step);
        return { start: joined(tuple.slice(0, addressCells)), size: joined(tuple.slice(addressCells)) };
      });
    });
  return pairs.length > 0 ? pairs : [{ start: 0, size: 0 }];
}

const joined = (cells: readonly number[]): number => cells.reduce((sum, cell) => sum * 2 ** 32 + cell, 0);
