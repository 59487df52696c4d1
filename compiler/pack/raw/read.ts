import type { DeviceTree } from "dtc-js";
import { decode, getProperty, readStrings, readU64s, walk } from "dtc-js";
import type { Range } from "../../base/ranges.ts";
import { endOf, formatRange } from "../../base/ranges.ts";
import { hex } from "../../base/units.ts";
import { imageHeader, imageMagic } from "../../codecs/arm64-image.ts";
import { toHex } from "../../base/hex.ts";
import { bootHeader, bootHeaderVersion, imagePart, partTableStart, readBootHeader } from "../../codecs/boot-header.ts";

/** What image.bin holds. Offsets count from its first byte. */
export interface RawImage {
  readonly linkAddress: number;
  readonly totalSize: number;
  readonly deviceTree: Range<number>;
  readonly tree: DeviceTree;
  readonly modules: readonly { readonly path: string; readonly kind: string; readonly at: Range<number> }[];
  /** Of `parts`, as it lies there. */
  readonly table: Range<number>;
  /** What the core's header says of the table, in hexadecimal. */
  readonly tableSha256: string;
  readonly parts: readonly { readonly at: Range<number>; readonly sha256: string }[];
}

export type RawRead =
  | { readonly kind: "not-an-image" }
  /** An arm64 Image without our boot header, or a core with nothing linked behind it. */
  | { readonly kind: "bare"; readonly core: boolean; readonly imageSize: number }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "image"; readonly image: RawImage };

/** Reads an image back, trusting nothing in it. */
export function readRaw(bytes: Uint8Array): RawRead {
  const image = imageHeader.decode(bytes, 0);
  if (image?.magic !== imageMagic) return { kind: "not-an-image" };
  const boot = readBootHeader(bytes);
  if (boot === undefined || boot.total_size === 0)
    return { kind: "bare", core: boot !== undefined, imageSize: image.image_size };
  if (boot.version !== bootHeaderVersion || boot.header_size !== bootHeader.size)
    return broken(`boot header version ${boot.version} of ${boot.header_size} bytes is not known`);
  if (boot.total_size !== bytes.length)
    return broken(`the boot header counts ${boot.total_size} bytes, the file has ${bytes.length}`);
  if (image.image_size !== boot.total_size) return broken("image_size and the boot header's total_size differ");
  const deviceTree = { start: boot.dtb_offset, size: boot.dtb_size };
  if (!inside(deviceTree, bytes.length)) return broken("the device tree lies outside of the file");
  const table = { start: partTableStart(deviceTree.start, deviceTree.size), size: boot.table_size };
  if (!inside(table, bytes.length)) return broken("the table of its parts lies outside of the file");
  const parts = readParts(bytes.subarray(table.start, table.start + table.size));
  if (parts === undefined) return broken("the table of its parts does not consist of entries");
  const decoded = decode(bytes.subarray(deviceTree.start, deviceTree.start + deviceTree.size));
  if (!decoded.ok) return broken(`the device tree inside: ${decoded.diagnostics[0].message}`);
  const modules = modulesOf(decoded.value, boot.link_address);
  const stray = modules.find(({ at }) => !inside(at, bytes.length));
  if (stray) return broken(`${stray.path} lies outside of the file`);
  // Else a small file would take as long to hash, and as much to write, as many large ones.
  if (overlaps([deviceTree, table, ...modules.map(({ at }) => at)])) return broken("its parts lie on each other");
  const { link_address: linkAddress, total_size: totalSize } = boot;
  const tableSha256 = toHex(boot.table_sha256);
  const tree = decoded.value;
  return { kind: "image", image: { linkAddress, totalSize, deviceTree, tree, modules, table, tableSha256, parts } };
}

function readParts(table: Uint8Array): RawImage["parts"] | undefined {
  if (table.length === 0 || table.length % imagePart.size !== 0) return undefined;
  const entries = Array.from({ length: table.length / imagePart.size }, (_, index) =>
    imagePart.decode(table, index * imagePart.size),
  );
  return entries.every((entry) => entry !== undefined)
    ? entries.map(({ offset, size, sha256 }) => ({ at: { start: offset, size }, sha256: toHex(sha256) }))
    : undefined;
}

const broken = (reason: string): RawRead => ({ kind: "broken", reason });

const inside = ({ start, size }: Range<number>, length: number): boolean =>
  start >= 0 && size >= 0 && start <= length && size <= length - start;

/** Whether two of them have a byte in common. */
function overlaps(ranges: readonly Range<number>[]): boolean {
  const sorted = ranges.filter(({ size }) => size > 0).sort((a, b) => a.start - b.start);
  return sorted.some((range, index) => endOf(range) > (sorted[index + 1]?.start ?? Infinity));
}

/** Boot modules of the tree, in its order, at their offsets in the image. */
function modulesOf(tree: DeviceTree, linkAddress: number): RawImage["modules"] {
  return [...walk(tree)].flatMap(({ path, node }) => {
    const compatible = getProperty(node, "compatible");
    const names = (compatible && readStrings(compatible.value)) ?? [];
    if (!names.includes("multiboot,module")) return [];
    const reg = getProperty(node, "reg");
    const [start, size] = (reg && readU64s(reg.value)) ?? [];
    const at = { start: Number(start ?? -1n) - linkAddress, size: Number(size ?? 0n) };
    return [{ path, kind: names[0]?.replace("multiboot,", "") ?? "module", at }];
  });
}

/** The image in words, a line a part. */
export function describeRaw({ linkAddress, totalSize, deviceTree, modules, table, parts }: RawImage): string {
  const digests = new Map(parts.map(({ at, sha256 }) => [formatRange(at), sha256]));
  const digestOf = (at: Range<number>): string => digests.get(formatRange(at)) ?? "not in the table of parts";
  const line = (what: string, { start, size }: Range<number>, digest?: string): string =>
    `  +${hex(start).padEnd(12)} ${String(size).padStart(12)} bytes  ${what}\n` +
    (digest === undefined ? "" : `    sha256 ${digest}\n`);
  return (
    `arm64 Image, linked for ${hex(linkAddress)}, ${totalSize} bytes\n` +
    line("device tree", deviceTree, digestOf(deviceTree)) +
    line("table of parts", table) +
    modules.map(({ path, kind, at }) => line(`${kind} ${path}`, at, digestOf(at))).join("")
  );
}
