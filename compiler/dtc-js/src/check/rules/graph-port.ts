import { baseName } from "../../find.ts";
import { nodeCheck } from "../check.ts";
import { checkReg, isPort } from "../graph.ts";

export const graphPort = nodeCheck(
  "graph_port",
  (entry, judge) => {
    if (!isPort(entry)) return;
    checkReg(entry, judge);
    // An overlay's node may stand for one of any name.
    if (baseName(entry.node.name) !== "port" && !judge.tree.plugin) {
      judge.fail(entry, "graph port node name should be 'port'");
    }
  },
  { needs: ["graph_nodes"] },
);
