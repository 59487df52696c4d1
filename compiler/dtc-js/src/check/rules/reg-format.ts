import { getProperty } from "../../find.ts";
import { addressCells, sizeCells } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.3.6: `reg` is pairs of an address and a size in the parent's cells. */
export const regFormat = nodeCheck(
  "reg_format",
  (entry, judge) => {
    const reg = getProperty(entry.node, "reg");
    if (!reg) return;
    if (!entry.parent) {
      judge.fail(entry, 'Root node has a "reg" property');
      return;
    }
    const { length } = reg.value.bytes;
    if (length === 0) judge.fail(entry, "property is empty", reg);
    const [address, size] = [addressCells(entry.parent.node), sizeCells(entry.parent.node)];
    const item = (address + size) * 4;
    if (item !== 0 && length % item === 0) return;
    const cells = `(#address-cells == ${address}, #size-cells == ${size})`;
    judge.fail(entry, `property has invalid length (${length} bytes) ${cells}`, reg);
  },
  { property: "reg", needs: ["addr_size_cells"] },
);
