import { cells, deviceTree, node, property, strings, walk } from "dtc-js";
import type { Node } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { BoardCpu } from "../ir/resolved.ts";
import { clusterNamed, findClusters } from "./clusters.ts";

const cpus: readonly BoardCpu[] = [0, 1, 2, 3].map((mpidr) => ({
  label: `cpu${mpidr}`,
  path: `/cpus/cpu@${mpidr}`,
  mpidr,
  compatible: [],
}));
const core = (index: number, cpu: number): Node =>
  node(`core${index}`, { properties: [property("cpu", cells(cpu + 0x10))] });
/** SMT: the leaves are threads. */
const threads = (index: number, ...of: readonly number[]): Node =>
  node(`core${index}`, {
    children: of.map((cpu, thread) => node(`thread${thread}`, { properties: [property("cpu", cells(cpu + 0x10))] })),
  });
const cluster = (index: number, ...children: readonly Node[]): Node => node(`cluster${index}`, { children });

function clusters(...map: readonly Node[]) {
  const nodes = cpus.map(({ mpidr }) =>
    node(`cpu@${mpidr}`, {
      properties: [property("phandle", cells(mpidr + 0x10)), property("device_type", strings("cpu"))],
    }),
  );
  const tree = deviceTree({ children: [node("cpus", { children: [...nodes, node("cpu-map", { children: map })] })] });
  return findClusters([...walk(tree)], cpus);
}
const labels = (found: ReturnType<typeof clusters>): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(found.map(({ name, cpus: of }) => [name, of.map(({ label }) => label)]));

describe("the clusters of a board", () => {
  it("have the CPUs of their cores, threads and inner clusters", () => {
    const map = clusters(cluster(0, core(0, 0)), cluster(1, threads(0, 1, 2), cluster(0, core(0, 3))));
    expect(labels(map)).toEqual({
      cluster0: ["cpu0"],
      cluster1: ["cpu1", "cpu2", "cpu3"],
      "cluster1/cluster0": ["cpu3"],
    });
  });

  it("leave out what names no CPU that is there", () => {
    expect(clusters(cluster(0, core(0, 9)), cluster(1))).toEqual([]);
    expect(labels(clusters(cluster(0, core(0, 1), core(1, 9))))).toEqual({ cluster0: ["cpu1"] });
  });

  it("are found by path, or by a last name that only one of them has", () => {
    const two = clusters(
      node("socket0", { children: [cluster(0, core(0, 0)), cluster(1, core(0, 1))] }),
      node("socket1", { children: [cluster(0, core(0, 2))] }),
    );
    expect(clusterNamed("socket1/cluster0", two)?.cpus).toEqual([cpus[2]]);
    expect(clusterNamed("cluster1", two)?.cpus).toEqual([cpus[1]]);
    expect(clusterNamed("cluster0", two)).toBeUndefined();
    expect(clusterNamed("cluster", two)).toBeUndefined();
  });

  it("with a name of their own come before inner ones of that name", () => {
    const map = clusters(cluster(0, core(0, 0)), cluster(1, cluster(0, core(0, 1))));
    expect(clusterNamed("cluster0", map)?.cpus).toEqual([cpus[0]]);
  });
});
