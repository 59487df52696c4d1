import { baseName, getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import { cellAt } from "../cells.ts";
import type { Check, Judge } from "../check.ts";
import { checkReg, isPort } from "../graph.ts";
import { isPhandle } from "../phandle-args.ts";

/** All that stands in a port is an endpoint, or should be. */
export const graphEndpoint: Check = {
  name: "graph_endpoint",
  level: "warning",
  needs: ["graph_nodes"],
  start: (judge) => {
    const ports = new Map<Entry, boolean>();
    /** Asked by every child: a bus may have thousands. */
    const isKnownPort = (entry: Entry): boolean => {
      const known = ports.get(entry) ?? isPort(entry);
      ports.set(entry, known);
      return known;
    };
    return (entry) => {
      if (!entry.parent?.parent || !isKnownPort(entry.parent)) return;
      checkReg(entry, judge);
      // An overlay's node may stand for one of any name, and the other end be in the tree that it will change.
      if (judge.tree.plugin) return;
      if (baseName(entry.node.name) !== "endpoint") {
        judge.fail(entry, "graph endpoint node name should be 'endpoint'");
      }
      checkConnection(entry, judge);
    };
  },
};

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
