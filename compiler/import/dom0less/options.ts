import type { Node } from "dtc-js";
import { getProperty } from "dtc-js";
import { MiB } from "../../base/units.ts";
import type { DomainInput } from "../../config/input.ts";
import { shutdownActions } from "../../config/input.ts";
import { capabilities, msaModels, passthroughPolicies, sciTypes } from "../../ir/domain-options.ts";
import type { Blob } from "./blob.ts";

type Fields = Partial<DomainInput>;
/** One property of a domain's node as fields of the language. */
type Reader = (blob: Blob, node: Node, name: string) => Fields;

const number =
  (field: (value: number) => Fields): Reader =>
  (blob, node, name) => {
    const value = blob.number(node, name);
    return value === undefined ? {} : field(value);
  };

/** One of a list of words; any other is refused. */
const word =
  <const Word extends string>(words: readonly Word[], field: (value: Word) => Fields): Reader =>
  (blob, node, name) => {
    const text = blob.text(node, name);
    const found = words.find((each) => each === text);
    if (found !== undefined) return field(found);
    blob.refuse(node, name, `one of ${words.join(", ")}`);
    return {};
  };

const isEmpty = (node: Node, name: string): boolean => getProperty(node, name)?.value.bytes.length === 0;

const enhanced = word(["enabled", "no-xenstore", "legacy"], (value) => ({
  enhanced: value === "enabled" ? true : value,
}));

/** Properties that stand for one field each (xen/docs/misc/arm/device-tree/booting.txt; `xenimg,` ours). */
export const optionReaders: Readonly<Record<string, Reader>> = {
  nr_spis: number((nrSpis) => ({ nrSpis })),
  "xen,domain-p2m-mem-mb": number((count) => ({ p2mMemory: MiB(count) })),
  "trap-unmapped-accesses": number((value) => ({ trapUnmappedAccesses: value !== 0 })),
  capabilities: number((bits) => ({ capabilities: capabilities.filter((_, bit) => (bits & (1 << bit)) !== 0) })),
  passthrough: word(passthroughPolicies, (passthroughPolicy) => ({ passthroughPolicy })),
  sve: (blob, node, name) => (isEmpty(node, name) ? { sve: true } : number((sve) => ({ sve }))(blob, node, name)),
  "llc-colors": (blob, node, name) => {
    const llcColors = blob.text(node, name);
    return llcColors === undefined ? {} : { llcColors };
  },
  "xen,sci_type": word(sciTypes, (sci) => ({ sci })),
  v8r_el1_msa: word(msaModels, (v8rMsa) => ({ v8rMsa })),
  "xen,enhanced": (blob, node, name) => (isEmpty(node, name) ? { enhanced: true } : enhanced(blob, node, name)),
  "xenimg,weight": number((weight) => ({ weight })),
  "xenimg,cap": number((cap) => ({ cap })),
  "xenimg,on-poweroff": word(shutdownActions, (onPoweroff) => ({ onPoweroff })),
  "xenimg,on-reboot": word(shutdownActions, (onReboot) => ({ onReboot })),
  "xenimg,on-crash": word(shutdownActions, (onCrash) => ({ onCrash })),
  "xenimg,on-watchdog": word(shutdownActions, (onWatchdog) => ({ onWatchdog })),
};

const grantFields = {
  max_grant_version: "version",
  max_grant_frames: "frames",
  max_maptrack_frames: "maptrackFrames",
} as const;
export const grantProperties = Object.keys(grantFields);

export function readGrants(blob: Blob, node: Node): Fields {
  const found = Object.entries(grantFields).flatMap(([property, field]) => {
    const value = blob.number(node, property);
    return value === undefined ? [] : [[field, value] as const];
  });
  return found.length === 0 ? {} : { grants: Object.fromEntries(found) };
}

export const reservationProperties = ["xenimg,rtds-budget", "xenimg,rtds-period"];

/** Of a domain or of one vCPU. */
export function readReservation(blob: Blob, node: Node): Pick<DomainInput, "rtds"> {
  const [budget, period] = reservationProperties.map((name) => blob.number(node, name));
  return budget === undefined || period === undefined ? {} : { rtds: { budget, period } };
}
