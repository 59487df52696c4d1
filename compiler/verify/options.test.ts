import { cells, empty, property, removeProperty, setProperty, strings } from "dtc-js";
import { findNode } from "dtc-js";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { ResolvedDomain } from "../ir/resolved.ts";
import { systemTree } from "../lower/system-tree.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { verifyOptions } from "./options.ts";

const { ui } = twoDomains.domains;
if (!ui) throw new Error("no domain");
const placed = await placedSystem(
  {
    ...twoDomains,
    domains: {
      ui: {
        ...ui,
        enhanced: "no-xenstore",
        nrSpis: 64,
        p2mMemory: MiB(4),
        grants: { version: 1, frames: 4, maptrackFrames: 0 },
        trapUnmappedAccesses: false,
        capabilities: ["control", "xenstore"],
        passthroughPolicy: "disabled",
        sve: true,
        sci: "scmi_smc",
      },
    },
  },
  { hypervisor: "xen", version: "4.21" },
);
const tree = systemTree(placed);
const domain = placed.resolved.domains[0] as ResolvedDomain;
const attempt = (changed: typeof tree) => () => {
  const found = findNode(changed, "/chosen/ui");
  if (!found) throw new Error("no node");
  verifyOptions(domain, found);
};

describe("verifying a domain's options", () => {
  it("accepts what was asked for", () => {
    expect(attempt(tree)).not.toThrow();
  });

  it.each([
    property("nr_spis", cells(65)),
    property("xen,domain-p2m-mem-mb", cells(5)),
    property("max_grant_version", cells(2)),
    property("max_grant_frames", cells(4, 4)),
    property("max_maptrack_frames", empty),
    property("trap-unmapped-accesses", cells(1)),
    property("capabilities", cells(1)),
    property("passthrough", strings("enabled")),
    property("sve", cells(128)),
    property("llc-colors", strings("0")),
    property("xen,sci_type", strings("none")),
    property("v8r_el1_msa", empty),
    property("xen,enhanced", strings("enabled")),
  ])("sees another $name", (changed) => {
    expect(attempt(setProperty(tree, "/chosen/ui", changed))).toThrow(changed.name);
  });

  it("misses one", () => {
    expect(attempt(removeProperty(tree, "/chosen/ui", "nr_spis"))).toThrow("nr_spis");
  });
});
