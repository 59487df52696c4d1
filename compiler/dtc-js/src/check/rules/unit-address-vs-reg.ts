import { getProperty } from "../../find.ts";
import { unitAddress } from "../cells.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.2.1: a node with an address has it in its name, and no other has. */
export const unitAddressVsReg = nodeCheck("unit_address_vs_reg", (entry, judge) => {
  // What an overlay calls its fragments says nothing of addresses.
  if (entry.node.children.some(({ name }) => name === "__overlay__")) return;
  const reg = getProperty(entry.node, "reg") ?? getProperty(entry.node, "ranges");
  const addressed = reg !== undefined && (reg.name === "reg" || reg.value.bytes.length > 0);
  const unit = unitAddress(entry.node);
  if (addressed && unit === undefined) {
    judge.fail(entry, "node has a reg or ranges property, but no unit name");
  } else if (!addressed && unit !== undefined) {
    judge.fail(entry, "node has a unit name, but no reg or ranges property");
  }
});
