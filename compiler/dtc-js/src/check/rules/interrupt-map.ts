import { getProperty } from "../../find.ts";
import { cellAt, cellOf, signed } from "../cells.ts";
import { nodeCheck } from "../check.ts";
import { isPhandle } from "../phandle-args.ts";

/** Devicetree Specification 0.4, 2.4.3.1: rows of child unit, child interrupt, parent, parent unit, parent interrupt. */
export const interruptMap = nodeCheck(
  "interrupt_map",
  (entry, judge) => {
    const { node } = entry;
    const map = getProperty(node, "interrupt-map");
    if (!map) return;
    const unit = cellOf(node, "#address-cells");
    if (unit === undefined) {
      judge.fail(entry, "Missing '#address-cells' in interrupt-map provider");
      return;
    }
    const before = unit + (cellOf(node, "#interrupt-cells") ?? 0);
    const mask = getProperty(node, "interrupt-map-mask");
    if (mask && mask.value.bytes.length !== before * 4) {
      judge.fail(entry, `property size (${mask.value.bytes.length}) is invalid, expected ${before * 4}`, mask);
    }
    const { length } = map.value.bytes;
    if (length % 4 !== 0) {
      judge.fail(entry, `property size (${length}) is invalid, expected multiple of 4`, map);
      return;
    }
    for (let index = 0; index * 4 < length;) {
      if ((index + before) * 4 >= length) {
        judge.fail(entry, `property size (${length}) too small, expected > ${(index + before) * 4}`, map);
        return;
      }
      index += before;
      const phandle = cellAt(map, index);
      if (!isPhandle(phandle)) {
        // An overlay's parent is in the tree that it will change.
        if (!judge.tree.plugin) judge.fail(entry, `Cell ${index} is not a phandle(${signed(phandle)})`, map);
        return;
      }
      const parent = judge.index.byPhandle(phandle);
      if (!parent) {
        judge.fail(entry, `Could not get phandle(${signed(phandle)}) node for (cell ${index})`, map);
        return;
      }
      const cells = cellOf(parent.node, "#interrupt-cells");
      if (cells === undefined) {
        const place = `(referred from interrupt-map[${index}])`;
        judge.fail(entry, `Missing property '#interrupt-cells' in node ${parent.path} or bad phandle ${place}`);
        return;
      }
      const above = cellOf(parent.node, "#address-cells");
      if (above === undefined) {
        judge.fail(entry, `Missing property '#address-cells' in node ${parent.path}, using 0 as fallback`, map);
      }
      index += 1 + cells + (above ?? 0);
      if (index * 4 > length) {
        judge.fail(entry, `property size (${length}) mismatch, expected ${index * 4}`, map);
      }
    }
  },
  { property: "interrupt-map", needs: ["phandle_references", "addr_size_cells", "interrupt_provider"] },
);
