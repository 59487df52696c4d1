import { nodeCheck } from "../check.ts";
import { isEndpoint } from "../graph.ts";

/** The graph binding (dt-schema, graph.yaml): device, ports, port, endpoint. An endpoint is at least three levels down. */
export const graphNodes = nodeCheck("graph_nodes", (entry, judge) => {
  if (entry.parent) return;
  for (const child of entry.children) {
    if (!isEndpoint(child)) continue;
    const why = "potentially misplaced remote-endpoint property";
    judge.fail(entry, `root node contains endpoint node '${child.node.name}', ${why}`);
  }
});
