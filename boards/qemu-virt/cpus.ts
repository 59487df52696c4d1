import type { Node } from "dtc-js";
import { cells, node, property, strings } from "dtc-js";
import type { Phandles } from "./phandles.ts";

/** One socket, one cluster; up to 16 CPUs differ in affinity level 0 alone. */
export function cpus(count: number, compatible: string, phandles: Phandles): Node {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const handle = (index: number): number => phandles.cpus[index] ?? 0;
  const cores = numbers.map((index) => node(`core${index}`, { properties: [property("cpu", cells(handle(index)))] }));
  return node("cpus", {
    properties: [property("#size-cells", cells(0)), property("#address-cells", cells(1))],
    children: [
      node("cpu-map", { children: [node("socket0", { children: [node("cluster0", { children: cores })] })] }),
      ...numbers.map((index) => cpu(index, compatible, handle(index), count)),
    ],
  });
}

const cpu = (index: number, compatible: string, phandle: number, count: number): Node =>
  node(`cpu@${index}`, {
    properties: [
      property("phandle", cells(phandle)),
      property("reg", cells(index)),
      // QEMU leaves the method out where there is nobody to start.
      ...(count > 1 ? [property("enable-method", strings("psci"))] : []),
      property("compatible", strings(compatible)),
      property("device_type", strings("cpu")),
    ],
  });
