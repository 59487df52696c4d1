import type { DeviceTree, Node, Property } from "dtc-js";
import { bytes, cells, cells64, deviceTree, encodePieces, node, property, raw, strings } from "dtc-js";
import { fromHex } from "../../base/hex.ts";
import type { DataPlacement } from "../../codecs/fit/external.ts";
import { dataOffsets, externalPieces } from "../../codecs/fit/external.ts";
import type { Piece } from "../../ir/artifact.ts";
import type { Digest, HashAlgorithm } from "../../ir/host.ts";
import { rollbackProperty } from "../../ir/plan.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { FitImage, FitSystem, UsedImages } from "./images.ts";
import { imagesOf } from "./images.ts";

export interface FitOptions {
  readonly hash: HashAlgorithm;
  readonly digest: Digest;
  /** Where files lie behind the tree; absent: they are inside. */
  readonly external?: DataPlacement;
}

/** A FIT whose signatures are still missing. */
export interface PackedFit {
  readonly tree: DeviceTree;
  /** The images' bytes, in their order. */
  readonly files: readonly Uint8Array[];
}

/**
 * A FIT (U-Boot, doc/usage/fit/source_file_format.rst) with a configuration for each system: the hypervisor as its kernel,
 * the system's device tree, each module as a loadable that goes to its own address. What two systems load to the same
 * address is there once. The first one is the default.
 */
export function fitTree(systems: readonly FitSystem[], options: FitOptions): PackedFit {
  const { images, used } = imagesOf(systems);
  const descriptions = systems.map(({ plan }) => plan.placed.resolved.name);
  const names = systems.map(({ name }, index) => name ?? configurationName(index));
  const places = placesOf(images, options);
  const tree = deviceTree({
    properties: [
      // Loaders with timestamps want one; any moment but this one would make each build another.
      property("timestamp", cells(0)),
      property("description", strings(descriptions.join(", "))),
      property("#address-cells", cells(2)),
    ],
    children: [
      node("images", { children: images.map((image, index) => imageNode(image, places[index] ?? [], options)) }),
      node("configurations", {
        properties: [property("default", strings(names[0] ?? configurationName(0)))],
        children: used.map((images, index) => {
          const { name, rollbackIndex } = systems[index]?.plan.placed.resolved ?? { name: "", rollbackIndex: 0 };
          return configurationNode(names[index] ?? "", { name, rollbackIndex }, images);
        }),
      }),
    ],
  });
  return { tree, files: images.map(({ data }) => data) };
}

/** image.itb; undefined where its tree reaches beyond the position of the first file. */
export const fitPieces = (
  tree: DeviceTree,
  files: readonly Uint8Array[],
  external: DataPlacement | undefined,
): readonly Piece[] | undefined =>
  external === undefined ? encodePieces(tree) : externalPieces(tree, files, external);

/** As `mkimage` would name them. */
export const configurationName = (index: number): string => `conf-${index + 1}`;

function configurationNode(
  called: string,
  { name, rollbackIndex }: Pick<ResolvedSystem, "name" | "rollbackIndex">,
  { hypervisor, tree, modules }: UsedImages,
): Node {
  return node(called, {
    properties: [
      property("description", strings(name)),
      property("kernel", strings(hypervisor)),
      property("fdt", strings(tree)),
      property("loadables", strings(...modules)),
      ...(rollbackIndex === 0 ? [] : [property(rollbackProperty, cells(rollbackIndex))]),
    ],
  });
}

function placesOf(images: readonly FitImage[], { external }: FitOptions): readonly (readonly Property[])[] {
  if (external === undefined) return images.map(({ data }) => [property("data", raw(data))]);
  const sizes = images.map(({ data }) => data.length);
  const { align, position } = external;
  return dataOffsets(sizes, align).map((offset, index) => [
    property("data-size", cells(sizes[index] ?? 0)),
    position === undefined
      ? property("data-offset", cells(offset))
      : property("data-position", cells(position + offset)),
  ]);
}

function imageNode({ name, owner, kind, at, data }: FitImage, place: readonly Property[], options: FitOptions): Node {
  return node(name, {
    properties: [
      property("description", strings(owner)),
      ...place,
      ...Object.entries(types[kind]).map(([key, text]) => property(key, strings(text))),
      property("arch", strings("arm64")),
      // Loaders decompress what says otherwise; what is compressed here is for the hypervisor to decompress.
      property("compression", strings("none")),
      property("load", cells64(at)),
      ...(kind === "hypervisor" ? [property("entry", cells64(at))] : []),
    ],
    children: [hashNode(data, options)],
  });
}

/** U-Boot starts an arm64 Image only as a Linux kernel, and looks at a loadable's type for special treatment. */
const types: Readonly<Record<FitImage["kind"], Readonly<Record<string, string>>>> = {
  hypervisor: { type: "kernel", os: "linux" },
  "device-tree": { type: "flat_dt" },
  module: { type: "firmware" },
};

function hashNode(data: Uint8Array, { hash, digest }: FitOptions): Node {
  return node("hash-1", {
    properties: [property("algo", strings(hash)), property("value", bytes(fromHex(digest(hash, [data]))))],
  });
}
