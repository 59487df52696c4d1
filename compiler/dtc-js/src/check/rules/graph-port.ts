import { baseName } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import type { Check } from "../check.ts";
import { checkReg, isPort } from "../graph.ts";

export const graphPort: Check = {
  name: "graph_port",
  level: "warning",
  needs: ["graph_nodes"],
  start: (judge) => {
    const ports = new Map<Entry, boolean>();
    /** Asked by every child: a bus may have thousands. */
    const hasPorts = (entry: Entry): boolean => {
      const known = ports.get(entry) ?? entry.children.some(isPort);
      ports.set(entry, known);
      return known;
    };
    return (entry) => {
      const named = baseName(entry.node.name) === "port";
      if (isPort(entry)) {
        if (!named) judge.fail(entry, "graph port node name should be 'port'");
      } else if (!named || !entry.parent || !hasPorts(entry.parent)) return;
      checkReg(entry, judge);
    };
  },
};
