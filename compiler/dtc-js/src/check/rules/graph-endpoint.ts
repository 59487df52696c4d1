import { baseName, getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import { cellAt } from "../cells.ts";
import { nodeCheck, type Judge } from "../check.ts";
import { checkReg, isEndpoint } from "../graph.ts";
import { isPhandle } from "../phandle-args.ts";

export const graphEndpoint = nodeCheck(
  "graph_endpoint",
  (entry, judge) => {
    if (!entry.parent || !isEndpoint(entry)) return;
    const { plugin } = judge.tree;
    if (baseName(entry.node.name) !== "endpoint" && !plugin) {
      judge.fail(entry, "graph endpoint node name should be 'endpoint'");
    }
    checkReg(entry, judge);
    // An overlay's other end may be in the tree that it will change.
    if (!plugin) checkConnection(entry, judge);
  },
  { needs: ["graph_nodes"] },
);

/** The other end names this one. */
function checkConnection(entry: Entry, judge: Judge): void {
  const remote = remoteOf(entry, judge);
  if (!remote) return;
  const back = remoteOf(remote, judge);
  if (back === entry) return;
  judge.fail(entry, `graph connection to node '${remote.path}' is not bidirectional`);
}

function remoteOf(entry: Entry, judge: Judge): Entry | undefined {
  const remote = getProperty(entry.node, "remote-endpoint");
  if (!remote) return undefined;
  const phandle = cellAt(remote, 0);
  if (!isPhandle(phandle)) return undefined;
  const found = judge.index.byPhandle(phandle);
  if (!found) judge.fail(entry, "graph phandle is not valid", remote);
  return found;
}
