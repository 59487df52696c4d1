import type { DeviceTree, Node } from "dtc-js";
import { bytes, cells, cells64, deviceTree, node, property, raw, strings } from "dtc-js";
import { fromHex } from "../../base/hex.ts";
import type { Digest, HashAlgorithm } from "../../ir/host.ts";
import type { LoadedFile, TargetPlan } from "../../ir/plan.ts";

export interface FitOptions {
  readonly hash: HashAlgorithm;
  readonly digest: Digest;
}

/**
 * A FIT (U-Boot, doc/usage/fit/source_file_format.rst) with one configuration: the hypervisor as its kernel, the
 * system's device tree, each module as a loadable that goes to its own address. Files are its `data`, as they are.
 */
export function fitTree(plan: TargetPlan, systemTree: Uint8Array, options: FitOptions): DeviceTree {
  const images = plan.files.map((file) => imageOf(file, systemTree, options));
  const names = images.map(({ name }) => name);
  const loadables = names.filter((name) => name !== hypervisor && name !== tree);
  return deviceTree({
    properties: [
      // Loaders with timestamps want one; any moment but this one would make each build another.
      property("timestamp", cells(0)),
      property("description", strings(plan.placed.resolved.name)),
      property("#address-cells", cells(2)),
    ],
    children: [
      node("images", { children: images }),
      node("configurations", {
        properties: [property("default", strings(configuration))],
        children: [
          node(configuration, {
            properties: [
              property("description", strings(plan.placed.resolved.name)),
              property("kernel", strings(hypervisor)),
              property("fdt", strings(tree)),
              property("loadables", strings(...loadables)),
            ],
          }),
        ],
      }),
    ],
  });
}

/** The one that there is. */
export const configuration = "conf-1";
const hypervisor = "hypervisor";
const tree = "device-tree";

function imageOf({ owner, at, content }: LoadedFile, systemTree: Uint8Array, options: FitOptions): Node {
  const data = content.kind === "bytes" ? content.bytes : systemTree;
  const name = owner.replaceAll(/[/ ]/g, "-");
  return node(name, {
    properties: [
      property("description", strings(owner)),
      property("data", raw(data)),
      ...Object.entries(typeOf(name)).map(([key, text]) => property(key, strings(text))),
      property("arch", strings("arm64")),
      // Loaders decompress what says otherwise; what is compressed here is for the hypervisor to decompress.
      property("compression", strings("none")),
      property("load", cells64(at)),
      ...(name === hypervisor ? [property("entry", cells64(at))] : []),
    ],
    children: [hashNode(data, options)],
  });
}

/** U-Boot starts an arm64 Image only as a Linux kernel, and looks at a loadable's type for special treatment. */
const typeOf = (name: string): Readonly<Record<string, string>> =>
  name === hypervisor ? { type: "kernel", os: "linux" } : { type: name === tree ? "flat_dt" : "firmware" };

function hashNode(data: Uint8Array, { hash, digest }: FitOptions): Node {
  return node("hash-1", {
    properties: [property("algo", strings(hash)), property("value", bytes(fromHex(digest(hash, [data]))))],
  });
}
