import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { DeviceTree, Node } from "dtc-js";
import { decode, findNode, getProperty, readStrings, readU64s, walk } from "dtc-js";
import * as boards from "../../boards/index.ts";
import type { QemuVirtParameters } from "../../boards/index.ts";
import { physAddr } from "../../compiler/base/units.ts";
import { imageHeader } from "../../compiler/codecs/arm64-image.ts";
import { bootHeader, bootHeaderOffset, imagePart, partTableStart } from "../../compiler/codecs/boot-header.ts";
import { imageArguments } from "../../compiler/emit/qemu.ts";
import type { BoardInput, SystemInput } from "../../compiler/index.ts";
import type { MachineRequest } from "./machine.ts";
import { root, temporaryFolder } from "./paths.ts";

/** A system to build: the board's parameters, and the rest of `board.ts` as data. */
export interface SystemRequest {
  /** Parameters of qemuVirt, with a GICv3 where nothing is said; or another profile with its own. */
  readonly board:
    | (Omit<QemuVirtParameters, "gic"> & Partial<Pick<QemuVirtParameters, "gic">>)
    | { readonly xlnxVersalVirt: boards.XlnxVersalVirtParameters }
    | { readonly xlnxZcu102: boards.VendorBoardParameters };
  readonly system: Omit<SystemInput, "board">;
  /** Where the board's loader is to put the image; left out: where its profile says. */
  readonly loadAddress?: number;
}

export interface BuiltSystem extends SystemRequest {
  /** What `xenimg build` wrote. */
  readonly output: string;
  readonly domains: readonly string[];
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line, as a user would. */
export async function xenimg(...args: readonly string[]): Promise<CommandResult> {
  try {
    const command = [join(root, "dist", "cli", "bin.js"), ...args];
    return { code: 0, ...(await promisify(execFile)(process.execPath, command, { timeout: 120_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    return { code: typeof code === "number" ? code : -1, stdout, stderr };
  }
}

/** With more arguments for `xenimg build`, where there are any. */
export async function build(name: string, request: SystemRequest, ...args: readonly string[]): Promise<BuiltSystem> {
  const folder = temporaryFolder(name);
  const config = join(folder, "board.ts");
  writeFileSync(config, boardText(request));
  const output = join(folder, "out");
  const { code, stderr } = await xenimg("build", config, "-o", output, ...args);
  if (code !== 0) throw new Error(`xenimg build: exit code ${code}\n${stderr}`);
  return { ...request, output, domains: Object.keys(request.system.domains) };
}

function boardText({ board, system, loadAddress }: SystemRequest): string {
  const body = JSON.stringify(system).slice(1, -1);
  const [profile, parameters] = profileOf(board);
  return `import { defineSystem } from "xenimg";
import { ${profile} } from "xenimg/boards";

const board = { ...${profile}(${JSON.stringify(parameters)}), ...${JSON.stringify({ loadAddress })} };
export default defineSystem({ board, ${body} });
`;
}

function profileOf(board: SystemRequest["board"]): readonly ["qemuVirt" | "xlnxVersalVirt" | "xlnxZcu102", object] {
  if ("xlnxVersalVirt" in board) return ["xlnxVersalVirt", board.xlnxVersalVirt];
  return "xlnxZcu102" in board ? ["xlnxZcu102", board.xlnxZcu102] : ["qemuVirt", { gic: 3, ...board }];
}

/** The machine of a board, without anything in its memory, and where its loader puts an image. */
export function emulator({
  board,
}: SystemRequest): NonNullable<BoardInput["emulator"]> & { readonly loadAddress: number } {
  const [profile, parameters] = profileOf(board);
  const { emulator: machine, loadAddress } = (boards[profile] as (parameters: unknown) => BoardInput)(parameters);
  if (machine === undefined) throw new Error(`${profile} has no emulator`);
  return { ...machine, loadAddress };
}

/** Boots `image.bin`, where QEMU puts it or at another address. */
export function fromImage(built: BuiltSystem, at?: number, options: readonly string[] = []): MachineRequest {
  return fromFile(built, join(built.output, "image.bin"), at, options);
}

function fromFile(built: BuiltSystem, path: string, at?: number, options: readonly string[] = []): MachineRequest {
  const machine = emulator(built);
  const image = { at: physAddr(at ?? machine.loadAddress), kernelAddress: machine.kernelAddress };
  const args = [...machine.args, ...options, ...imageArguments(path, image)];
  return { program: machine.program, args, domains: built.domains };
}

/** Boots `image.bin` with another device tree inside: QEMU mends one that it is given itself. */
export function fromImageWithTree(built: BuiltSystem, tree: Uint8Array): MachineRequest {
  const path = join(temporaryFolder("image"), "image.bin");
  writeFileSync(path, withTree(readFileSync(join(built.output, "image.bin")), tree));
  return fromFile(built, path);
}

/** The tree lies behind everything else, and a new table of parts behind it. */
function withTree(image: Uint8Array, tree: Uint8Array): Uint8Array {
  const offset = Math.ceil(image.length / 4096) * 4096;
  const header = bootHeader.decode(image, bootHeaderOffset);
  if (header === undefined) throw new Error("image.bin has no headers");
  const parts = partsWith(tree, { offset, link: header.link_address, length: image.length });
  const table = partTableStart(offset, tree.length);
  const bytes = new Uint8Array(table + parts.length * imagePart.size);
  bytes.set(image);
  bytes.set(tree, offset);
  const sha256 = (start: number, size: number): Uint8Array =>
    createHash("sha256")
      .update(bytes.subarray(start, start + size))
      .digest();
  for (const [index, part] of parts.entries())
    imagePart.encode({ ...part, sha256: sha256(part.offset, part.size) }, bytes, table + index * imagePart.size);
  const arm64 = imageHeader.decode(bytes, 0);
  if (arm64 === undefined) throw new Error("image.bin has no headers");
  imageHeader.encode({ ...arm64, image_size: bytes.length }, bytes, 0);
  const table_size = bytes.length - table;
  const placed = { total_size: bytes.length, dtb_offset: offset, dtb_size: tree.length };
  const covered = { table_size, table_sha256: sha256(table, table_size) };
  bootHeader.encode({ ...header, ...placed, ...covered }, bytes, bootHeaderOffset);
  return bytes;
}

/** The tree, and whatever a node's `reg` has inside of the image: the tree may be damaged in any way, what makes it a module too. */
function partsWith(
  tree: Uint8Array,
  image: { readonly offset: number; readonly link: number; readonly length: number },
): readonly { readonly offset: number; readonly size: number }[] {
  const decoded = decode(tree);
  const nodes = decoded.ok ? [...walk(decoded.value)] : [];
  return [
    { offset: image.offset, size: tree.length },
    ...nodes
      .map(({ node }) => numbersOf(node, "reg").map(Number))
      .map(([start = 0, size = 0]) => ({ offset: start - image.link, size }))
      .filter(({ offset, size }) => offset >= 0 && size > 0 && offset + size <= image.length),
  ];
}

/** Boots a hypervisor's own file, the device tree and each module at its own address. */
export function fromFiles(built: BuiltSystem, hypervisor: string): MachineRequest {
  const machine = emulator(built);
  const tree = join(built.output, "system.dtb");
  const modules = modulesOf(built).flatMap(({ path, address }) => [
    "-device",
    `loader,file=${path},addr=0x${address.toString(16)},force-raw=on`,
  ]);
  const args = [...machine.args, "-kernel", hypervisor, "-dtb", tree, ...modules];
  return { program: machine.program, args, domains: built.domains };
}

/** Boots a hypervisor's own file with any device tree and no modules. */
export function fromTree(request: SystemRequest, hypervisor: string, tree: Uint8Array): MachineRequest {
  const folder = join(temporaryFolder("tree"));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "system.dtb");
  writeFileSync(path, tree);
  const machine = emulator(request);
  const args = [...machine.args, "-kernel", hypervisor, "-dtb", path];
  return { program: machine.program, args, domains: Object.keys(request.system.domains) };
}

export function readTree(path: string): DeviceTree {
  const decoded = decode(readFileSync(path));
  if (!decoded.ok) throw new Error(`${path}: ${decoded.diagnostics[0].message}`);
  return decoded.value;
}

/** Which input file belongs where, by what system.dtb says. */
function modulesOf({ output, system }: BuiltSystem): { readonly path: string; readonly address: bigint }[] {
  const chosen = findNode(readTree(join(output, "system.dtb")), "/chosen");
  return Object.entries(system.domains).flatMap(([name, domain]) => {
    const node = chosen?.children.find((child) => child.name === name);
    if (node === undefined) throw new Error(`system.dtb has no /chosen/${name}`);
    return node.children.flatMap((module) => {
      const kinds = stringsOf(module, "compatible");
      const path = kinds.includes("multiboot,kernel")
        ? domain.kernel
        : kinds.includes("multiboot,device-tree")
          ? join(output, "domains", name, "passthrough.dtb")
          : domain.ramdisk;
      const address = numbersOf(module, "reg")[0];
      return path === undefined || address === undefined ? [] : [{ path, address }];
    });
  });
}

function stringsOf(node: Node, name: string): readonly string[] {
  const property = getProperty(node, name);
  return property === undefined ? [] : (readStrings(property.value) ?? []);
}

function numbersOf(node: Node, name: string): readonly bigint[] {
  const property = getProperty(node, name);
  return property === undefined ? [] : (readU64s(property.value) ?? []);
}
