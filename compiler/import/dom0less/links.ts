import type { Node } from "dtc-js";
import type { EventChannelInput, SharedMemoryInput } from "../../config/input.ts";
import { guestAddresses } from "../shared-memory.ts";
import type { Blob } from "./blob.ts";
import { isCompatible, joined, nameOf, widthsOf } from "./blob.ts";

type Shared = Omit<SharedMemoryInput, "borrowers"> & { readonly borrowers: readonly string[] };

/** What one domain's node says. */
interface Region {
  readonly size: number;
  readonly at?: number;
  readonly guestAt: number;
}

interface View {
  readonly node: Node;
  readonly domain: string;
  readonly owns: boolean;
  readonly region: Region;
}

/** Nodes `xen,domain-shared-memory-v1` of all domains, by their identifiers. */
export function readSharedMemory(blob: Blob, domains: readonly Node[]): Readonly<Record<string, SharedMemoryInput>> {
  const views = new Map<string, View[]>();
  for (const domain of domains)
    for (const node of domain.children.filter((child) => isCompatible(child, "xen,domain-shared-memory-v1"))) {
      const id = blob.text(node, "xen,shm-id") ?? node.name;
      const region = readRegion(blob, node, domain);
      const owns = blob.text(node, "role") === "owner";
      if (region) views.set(id, [...(views.get(id) ?? []), { node, domain: nameOf(domain), owns, region }]);
    }
  return Object.fromEntries(
    [...views].flatMap(([id, of]) => {
      const region = together(of);
      if (region === undefined) {
        for (const { node } of of.slice(1)) blob.refuse(node, "xen,shared-mem", `what another domain says of "${id}"`);
        return [];
      }
      const owner = of.find(({ owns }) => owns)?.domain;
      const borrowers = of.filter(({ owns }) => !owns).map(({ domain }) => domain);
      return [[id, { ...region, ...(owner !== undefined && { owner }), borrowers }]];
    }),
  );
}

/** One memory as all its domains see it, each where it likes; undefined where they differ otherwise. */
function together(views: readonly View[]): Pick<Shared, "at" | "guestAt" | "size"> | undefined {
  const [first, ...rest] = views;
  if (first === undefined) return undefined;
  const { size, at } = first.region;
  if (rest.some(({ region }) => size !== region.size || at !== region.at)) return undefined;
  const guestAt = guestAddresses(views.map(({ domain, region }) => ({ domain, at: region.guestAt })));
  return { size, ...(at !== undefined && { at }), ...guestAt };
}

/** Host address (from Xen 4.19 on it may be left out), guest address, size. */
function readRegion(blob: Blob, node: Node, domain: Node): Region | undefined {
  const [address, size] = widthsOf(blob, domain);
  const cells = blob.cells(node, "xen,shared-mem") ?? [];
  const at = cells.length === 2 * address + size ? joined(cells.slice(0, address)) : undefined;
  const rest = at === undefined ? cells : cells.slice(address);
  if (rest.length !== address + size) {
    blob.refuse(node, "xen,shared-mem", "a host address, which may be left out, a guest address and a size");
    return undefined;
  }
  const guestAt = joined(rest.slice(0, address));
  return { size: joined(rest.slice(address)), ...(at !== undefined && { at }), guestAt };
}

interface End {
  readonly domain: string;
  readonly port: number;
  readonly phandle: number;
}

/** Nodes `xen,evtchn-v1`: two that name each other are a channel. Phandles go down in the order of channels. */
export function readEventChannels(blob: Blob, domains: readonly Node[]): readonly EventChannelInput[] {
  const ends = new Map<number, End & { readonly other: number }>();
  for (const domain of domains)
    for (const node of domain.children.filter((child) => isCompatible(child, "xen,evtchn-v1"))) {
      const [port, other] = blob.cells(node, "xen,evtchn") ?? [];
      const phandle = blob.number(node, "phandle");
      if (port === undefined || other === undefined || phandle === undefined)
        blob.refuse(node, "xen,evtchn", "a port and the node of the other end");
      else ends.set(phandle, { domain: nameOf(domain), port, phandle, other });
    }
  return [...ends.values()]
    .sort((a, b) => b.phandle - a.phandle)
    .flatMap((end): readonly EventChannelInput[] => {
      const other = ends.get(end.other);
      if (other === undefined) {
        blob.passOver(`port ${end.port} of ${end.domain}`, "nothing is at its other end");
        return [];
      }
      if (other.phandle > end.phandle) return [];
      return [{ from: [end.domain, end.port], to: [other.domain, other.port] }];
    });
}
