import { invariant } from "../../base/invariant.ts";
import type { Range } from "../../base/ranges.ts";
import { recordFormat } from "../../base/record.ts";

/** "XIPLAN", version 1 in the last byte: hypervisor/efi/plan.h, struct plan_header and struct plan_entry. */
const magic = Uint8Array.from([0x58, 0x49, 0x50, 0x4c, 0x41, 0x4e, 0, 1]);

export const planHeader = recordFormat(24, {
  magic: { at: 0, type: "bytes", length: 8 },
  version: { at: 8, type: "u32" },
  header_size: { at: 12, type: "u32" },
  entry_size: { at: 16, type: "u32" },
  count: { at: 20, type: "u32" },
});

export const planEntry = recordFormat(112, {
  source: { at: 0, type: "u64" },
  size: { at: 8, type: "u64" },
  destination: { at: 16, type: "u64" },
  memory: { at: 24, type: "u64" },
  kind: { at: 32, type: "u32" },
  reserved: { at: 36, type: "u32" },
  name: { at: 40, type: "bytes", length: 72 },
});

/** What the stub takes: PLAN_MOST. */
export const mostEntries = 1024;

/** In the order of their numbers, from 1. The first three are files, the others memory that has to be there. */
const kinds = ["hypervisor", "device tree", "module", "claim", "ram"] as const;
export type PlanKind = (typeof kinds)[number];

/** What the stub does with one range of machine memory. */
export interface LoadPlanEntry {
  readonly kind: PlanKind;
  /** "ui/kernel": in its refusals. */
  readonly name: string;
  /** The bytes to copy, counted from the stub's first; of size 0 where there are none. */
  readonly source: Range<number>;
  /** In machine memory. */
  readonly destination: Range<number>;
}

/** A name as long as the stub has room for. */
const nameBytes = (name: string): Uint8Array => {
  const { length } = planEntry.fields.name;
  const padded = new Uint8Array(length);
  padded.set(new TextEncoder().encode(name).subarray(0, length - 1));
  return padded;
};

export const loadPlanSize = (entries: number): number => planHeader.size + entries * planEntry.size;

export function encodeLoadPlan(entries: readonly LoadPlanEntry[]): Uint8Array {
  invariant(entries.length <= mostEntries, `at most ${mostEntries} entries`);
  const bytes = new Uint8Array(loadPlanSize(entries.length));
  const { size: header_size } = planHeader;
  planHeader.encode({ magic, version: 1, header_size, entry_size: planEntry.size, count: entries.length }, bytes, 0);
  for (const [index, { kind, name, source, destination }] of entries.entries())
    planEntry.encode(
      {
        source: source.start,
        size: source.size,
        destination: destination.start,
        memory: destination.size,
        kind: kinds.indexOf(kind) + 1,
        reserved: 0,
        name: nameBytes(name),
      },
      bytes,
      loadPlanSize(index),
    );
  return bytes;
}

/** Undefined for what is no plan of this version. Where its ranges lie is not looked at. */
export function decodeLoadPlan(bytes: Uint8Array): readonly LoadPlanEntry[] | undefined {
  const header = planHeader.decode(bytes, 0);
  const known =
    header?.version === 1 &&
    header.header_size === planHeader.size &&
    header.entry_size === planEntry.size &&
    header.count <= mostEntries &&
    bytes.length === loadPlanSize(header.count) &&
    header.magic.every((byte, index) => byte === magic[index]);
  if (!known) return undefined;
  const entries = Array.from({ length: header.count }, (_, index) => readEntry(bytes, loadPlanSize(index)));
  const whole = entries.filter((entry) => entry !== undefined);
  return whole.length === entries.length ? whole : undefined;
}

function readEntry(bytes: Uint8Array, at: number): LoadPlanEntry | undefined {
  const entry = planEntry.decode(bytes, at);
  const kind = entry && kinds[entry.kind - 1];
  if (kind === undefined || entry?.reserved !== 0) return undefined;
  return {
    kind,
    name: new TextDecoder("latin1").decode(entry.name).replace(/\0.*$/s, ""),
    source: { start: entry.source, size: entry.size },
    destination: { start: entry.destination, size: entry.memory },
  };
}
