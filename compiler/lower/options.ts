import type { Property } from "dtc-js";
import { cells, empty, property, strings } from "dtc-js";
import { MiB } from "../base/units.ts";
import type { Capability, DomainOptions, GrantLimits } from "../ir/domain-options.ts";
import { capabilities } from "../ir/domain-options.ts";

/** xen/docs/misc/arm/device-tree/booting.txt: properties of a domain's node that are there where they are asked for. */
export const optionProperties = (options: DomainOptions): readonly Property[] => [
  ...number("nr_spis", options.nrSpis),
  ...number("xen,domain-p2m-mem-mb", options.p2mMemory === undefined ? undefined : options.p2mMemory / MiB(1)),
  ...grantProperties(options.grants ?? {}),
  ...number(
    "trap-unmapped-accesses",
    options.trapUnmappedAccesses === undefined ? undefined : Number(options.trapUnmappedAccesses),
  ),
  ...number("capabilities", options.capabilities && bitsOf(options.capabilities)),
  ...word("passthrough", options.passthroughPolicy),
  // Without a value: as long as the machine has them.
  ...(options.sve === "max" ? [property("sve", empty)] : number("sve", options.sve)),
  ...word("llc-colors", options.llcColors),
  ...word("xen,sci_type", options.sci),
  ...word("v8r_el1_msa", options.v8rMsa),
];

const grantProperties = ({ version, frames, maptrackFrames }: GrantLimits): readonly Property[] => [
  ...number("max_grant_version", version),
  ...number("max_grant_frames", frames),
  ...number("max_maptrack_frames", maptrackFrames),
];

const bitsOf = (wanted: readonly Capability[]): number =>
  [...new Set(wanted)].reduce((bits, capability) => bits + 2 ** capabilities.indexOf(capability), 0);

const number = (name: string, value: number | undefined): readonly Property[] =>
  value === undefined ? [] : [property(name, cells(value))];

const word = (name: string, value: string | undefined): readonly Property[] =>
  value === undefined ? [] : [property(name, strings(value))];
