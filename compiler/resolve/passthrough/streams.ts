import type { Located } from "dtc-js";
import { getProperty, readCells } from "dtc-js";
import type { StreamId } from "../../ir/devices.ts";
import { childrenOf } from "./find.ts";
import type { Phandles } from "./references.ts";

/**
 * By what an IOMMU tells a device, and all below it, from others: its `iommus`, and for a bus the numbers that its
 * `iommu-map` gives (bindings iommu.txt, pci-iommu.txt). Of several cells the first is the number, as arm,smmu.yaml has it;
 * where an IOMMU takes none, all that it serves are one.
 */
export function streamsOf(device: Located, phandles: Phandles): readonly StreamId[] {
  return [
    ...named(device, phandles),
    ...mapped(device, phandles),
    ...childrenOf(device).flatMap((child) => streamsOf(child, phandles)),
  ];
}

function named({ node }: Located, phandles: Phandles): readonly StreamId[] {
  const list = cellsOf(node, "iommus");
  const found: StreamId[] = [];
  for (let at = 0; at < list.length;) {
    const iommu = phandles.get(list[at] ?? 0);
    const [width] = iommu ? cellsOf(iommu.node, "#iommu-cells") : [];
    if (iommu === undefined || width === undefined) return found;
    found.push({ iommu: iommu.path, first: width === 0 ? 0 : (list[at + 1] ?? 0), count: 1 });
    at += 1 + width;
  }
  return found;
}

function mapped({ node }: Located, phandles: Phandles): readonly StreamId[] {
  const list = cellsOf(node, "iommu-map");
  return Array.from({ length: Math.floor(list.length / 4) }, (_, index) => {
    const [, handle = 0, first = 0, count = 0] = list.slice(index * 4, index * 4 + 4);
    const iommu = phandles.get(handle);
    return iommu === undefined ? [] : [{ iommu: iommu.path, first, count }];
  }).flat();
}

function cellsOf(node: Located["node"], name: string): readonly number[] {
  const property = getProperty(node, name);
  return (property && readCells(property.value)) ?? [];
}
