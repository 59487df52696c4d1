import { deviceTree, print } from "dtc-js";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { DomainOptions } from "../ir/domain-options.ts";
import { optionProperties } from "./options.ts";

const text = (options: DomainOptions): readonly string[] =>
  print(deviceTree({ properties: optionProperties(options) }))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.endsWith(";") && line !== "};" && line !== "/dts-v1/;");

describe("optional properties of a domain", () => {
  it("are not there where nothing is asked for", () => {
    expect(text({})).toEqual([]);
  });

  it("have Xen's names, units and bits", () => {
    const options: DomainOptions = {
      nrSpis: 64,
      p2mMemory: MiB(3),
      grants: { version: 2, frames: 5, maptrackFrames: 0 },
      trapUnmappedAccesses: false,
      capabilities: ["xenstore", "control", "xenstore"],
      passthroughPolicy: "disabled",
      sve: 256,
      llcColors: "0-3,8",
      sci: "scmi_smc",
      v8rMsa: "mmu",
    };
    expect(text(options)).toEqual([
      "nr_spis = <0x40>;",
      "xen,domain-p2m-mem-mb = <0x03>;",
      "max_grant_version = <0x02>;",
      "max_grant_frames = <0x05>;",
      "max_maptrack_frames = <0x00>;",
      "trap-unmapped-accesses = <0x00>;",
      "capabilities = <0x05>;",
      'passthrough = "disabled";',
      "sve = <0x100>;",
      'llc-colors = "0-3,8";',
      'xen,sci_type = "scmi_smc";',
      'v8r_el1_msa = "mmu";',
    ]);
  });

  it("say the machine's longest vector by no value", () => {
    expect(text({ sve: "max", trapUnmappedAccesses: true, capabilities: [] })).toEqual([
      "trap-unmapped-accesses = <0x01>;",
      "capabilities = <0x00>;",
      "sve;",
    ]);
  });
});
