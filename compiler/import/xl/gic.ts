import type { DeviceTree } from "dtc-js";
import { getProperty, readStrings, walk } from "dtc-js";
import type { Configuration } from "./configuration.ts";

/** `gic_version`: here a domain's controller is always of the machine's version, which is xl's default, too. */
export function tellController(config: Configuration, tree: DeviceTree): void {
  const version = config.word("gic_version", ["default", "v2", "v3"]);
  const machines = machineVersion(tree);
  if (version === undefined || version === "default" || version === machines) return;
  config.passOverOption("gic_version", `a domain's interrupt controller is of the machine's version, here ${machines}`);
}

function machineVersion(tree: DeviceTree): "v2" | "v3" {
  for (const { node } of walk(tree)) {
    const compatible = getProperty(node, "compatible");
    if ((compatible ? (readStrings(compatible.value) ?? []) : []).includes("arm,gic-v3")) return "v3";
  }
  return "v2";
}
