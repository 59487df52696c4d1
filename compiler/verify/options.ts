import type { Node, Value } from "dtc-js";
import { getProperty, readCell, readString } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import type { ResolvedDomain } from "../ir/resolved.ts";

/** Upstream's words for what a domain may do (xen/include/public/bootfdt.h). */
const bits = { control: 1, hardware: 2, xenstore: 4 } as const;

/** A domain's node holds each option as it was asked for, and none that was not. */
export function verifyOptions(domain: ResolvedDomain, node: Node): void {
  const { p2mMemory, grants, trapUnmappedAccesses, capabilities, sve } = domain;
  const planned: Readonly<Record<string, number | string | undefined>> = {
    nr_spis: domain.nrSpis,
    "xen,domain-p2m-mem-mb": p2mMemory === undefined ? undefined : p2mMemory / 2 ** 20,
    max_grant_version: grants?.version,
    max_grant_frames: grants?.frames,
    max_maptrack_frames: grants?.maptrackFrames,
    "trap-unmapped-accesses": trapUnmappedAccesses === undefined ? undefined : trapUnmappedAccesses ? 1 : 0,
    capabilities: capabilities?.reduce((all, one) => all | bits[one], 0),
    passthrough: domain.passthroughPolicy,
    sve: sve === "max" ? "" : sve,
    "llc-colors": domain.llcColors,
    "xen,sci_type": domain.sci,
    v8r_el1_msa: domain.v8rMsa,
    "xen,enhanced": domain.enhanced,
  };
  for (const [name, value] of Object.entries(planned)) {
    const found = getProperty(node, name)?.value;
    const same = typeof value === "number" ? found !== undefined && readCell(found) === value : textOf(found) === value;
    invariant(same, `${name} of ${domain.name} to be ${String(value)}`);
  }
}

/** "" for a property without a value; undefined without a property, as for one that is no text. */
const textOf = (value: Value | undefined): string | undefined =>
  value?.bytes.length === 0 ? "" : value && readString(value);
