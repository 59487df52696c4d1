import type { DeviceTree, Node } from "dtc-js";
import { getProperty, readCell } from "dtc-js";
import { sameItems } from "../../base/same-items.ts";
import { alignUp } from "../../base/units.ts";
import type { DataPlacement } from "../../codecs/fit/external.ts";
import { dataOffsets, leastAlign, mostAlign, treeSize } from "../../codecs/fit/external.ts";

const forms = ["data", "data-offset", "data-position"] as const;
/** How an image's node says where its bytes are: inside of it, behind the tree, or at a place in the file. */
export type DataForm = (typeof forms)[number];

/** The first form that a node has. */
export const dataForm = (image: Node): DataForm => forms.find((name) => getProperty(image, name)) ?? "data";

/** Properties that say so, in their order. */
export const dataProperties = (form: DataForm): readonly string[] => (form === "data" ? [form] : ["data-size", form]);

/** A stretch of the file. */
export interface Stretch {
  readonly start: number;
  readonly size: number;
}

/** Where a node says that its bytes lie; undefined where it does not say it in cells. */
export function stretchOf(image: Node, form: Exclude<DataForm, "data">, totalSize: number): Stretch | undefined {
  const cell = (name: string): number | undefined => {
    const property = getProperty(image, name);
    return property && readCell(property.value);
  };
  const [size, at] = [cell("data-size"), cell(form)];
  if (size === undefined || at === undefined) return undefined;
  return { start: form === "data-offset" ? alignUp(totalSize, leastAlign) + at : at, size };
}

/** The header's total size of a tree that could be decoded. */
export const totalSizeOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4);

/** The one way of placing files so that they lie as a FIT says and fill the file; undefined where there is none. */
export function placementOf(
  tree: DeviceTree,
  bytes: Uint8Array,
  form: Exclude<DataForm, "data">,
  stretches: readonly Stretch[],
): DataPlacement | undefined {
  const position = form === "data-position" ? stretches[0]?.start : undefined;
  const sizes = stretches.map(({ size }) => size);
  for (let align = leastAlign; align <= mostAlign; align *= 2) {
    const total = treeSize(tree, align);
    const first = position ?? total;
    const starts = dataOffsets(sizes, align).map((offset) => first + offset);
    const end = (starts.at(-1) ?? first) + alignUp(sizes.at(-1) ?? 0, align);
    const isSo = total === totalSizeOf(bytes) && first >= total && end === bytes.length;
    const places = stretches.map(({ start }) => start);
    if (isSo && sameItems(starts, places)) return { align, ...(position !== undefined && { position }) };
  }
  return undefined;
}
