import { baseName, getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import { nodeCheck, type Check, type Judge } from "../check.ts";
import { cellAt, cellOf, unitAddress } from "../cells.ts";
import { isPhandle } from "./phandle-args.ts";

const isEndpoint = ({ node }: Entry): boolean =>
  baseName(node.name) === "endpoint" || getProperty(node, "remote-endpoint") !== undefined;

/** A node with an endpoint below it is a port; one with ports is what they belong to. */
const isPort = (entry: Entry): boolean => entry.children.some(isEndpoint);

/** The graph binding (dt-schema, graph.yaml): device, ports, port, endpoint. An endpoint is at least three levels down. */
export const graphNodes = nodeCheck("graph_nodes", (entry, judge) => {
  for (const child of entry.children) {
    if (!isEndpoint(child) || entry.parent) continue;
    const why = "potentially misplaced remote-endpoint property";
    judge.fail(entry, `root node contains endpoint node '${child.node.name}', ${why}`);
    return;
  }
});

/** The unit address is the number in `reg`, counted in one cell without a size. */
function checkReg(entry: Entry, judge: Judge): void {
  const reg = getProperty(entry.node, "reg");
  if (!reg || !entry.parent) return;
  if (reg.value.bytes.length !== 4) {
    judge.fail(entry, "graph node malformed 'reg' property");
    return;
  }
  const expected = cellAt(reg, 0).toString(16);
  if (unitAddress(entry.node) !== expected) {
    judge.fail(entry, `graph node unit address error, expected "${expected}"`);
  }
  const address = cellOf(entry.parent.node, "#address-cells") ?? -1;
  const size = cellOf(entry.parent.node, "#size-cells") ?? -1;
  if (address !== 1) judge.fail(entry, `graph node '#address-cells' is ${address}, must be 1`);
  if (size !== 0) judge.fail(entry, `graph node '#size-cells' is ${size}, must be 0`);
}

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

export const graphEndpoint = nodeCheck(
  "graph_endpoint",
  (entry, judge) => {
    if (!entry.parent || !isEndpoint(entry)) return;
    if (baseName(entry.node.name) !== "endpoint") {
      judge.fail(entry, "graph endpoint node name should be 'endpoint'");
    }
    checkReg(entry, judge);
    checkConnection(entry, judge);
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
  // An overlay's other end is in the tree that it will change.
  if (!isPhandle(phandle)) return undefined;
  const found = judge.index.byPhandle(phandle);
  if (!found) judge.fail(entry, "graph phandle is not valid", remote);
  return found;
}
