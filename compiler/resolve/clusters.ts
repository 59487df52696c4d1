import type { Located } from "dtc-js";
import { baseName, getProperty, readCell } from "dtc-js";
import type { BoardCluster, BoardCpu } from "../ir/resolved.ts";

const map = "/cpus/cpu-map/";

/** The clusters of the board's cpu-map, in the tree's order, those without CPUs left out (binding cpu/cpu-topology.txt). */
export function findClusters(nodes: readonly Located[], cpus: readonly BoardCpu[]): readonly BoardCluster[] {
  const byPhandle = new Map<number, BoardCpu>();
  for (const { node, path } of nodes) {
    const cpu = cpus.find((each) => each.path === path);
    const phandle = reference(node, "phandle");
    if (cpu !== undefined && phandle !== undefined) byPhandle.set(phandle, cpu);
  }
  const cores = nodes.filter(({ path }) => path.startsWith(map));
  return cores
    .filter(({ node }) => /^cluster\d+$/.test(baseName(node.name)))
    .map(({ path }) => ({
      name: path.slice(map.length),
      cpus: cores
        .filter((core) => core.path.startsWith(`${path}/`))
        .flatMap(({ node }) => byPhandle.get(reference(node, "cpu") ?? 0) ?? []),
    }))
    .filter((cluster) => cluster.cpus.length > 0);
}

/** The cluster of that name, or of that last name if it is the only one. */
export function clusterNamed(name: string, clusters: readonly BoardCluster[]): BoardCluster | undefined {
  const ending = clusters.filter((cluster) => cluster.name.endsWith(`/${name}`));
  return clusters.find((cluster) => cluster.name === name) ?? (ending.length === 1 ? ending[0] : undefined);
}

function reference(node: Located["node"], name: string): number | undefined {
  const property = getProperty(node, name);
  return property && readCell(property.value);
}
