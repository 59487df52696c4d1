import type { Node } from "dtc-js";
import type { EventChannelInput, SharedMemoryInput } from "../../config/input.ts";
import type { Blob } from "./blob.ts";
import { isCompatible, joined, nameOf, widthsOf } from "./blob.ts";

type Shared = Omit<SharedMemoryInput, "borrowers"> & { readonly borrowers: readonly string[] };

/** Nodes `xen,domain-shared-memory-v1` of all domains, by their identifiers. */
export function readSharedMemory(blob: Blob, domains: readonly Node[]): Readonly<Record<string, SharedMemoryInput>> {
  const memories = new Map<string, Shared>();
  for (const domain of domains)
    for (const node of domain.children.filter((child) => isCompatible(child, "xen,domain-shared-memory-v1"))) {
      const id = blob.text(node, "xen,shm-id") ?? node.name;
      const region = readRegion(blob, node, domain);
      if (region === undefined) continue;
      const before = memories.get(id);
      const both = before ? together(before, region) : { ...region, borrowers: [] };
      if (both === undefined) blob.refuse(node, "xen,shared-mem", `what the domains before say of "${id}"`);
      else memories.set(id, withUser(both, nameOf(domain), blob.text(node, "role")));
    }
  return Object.fromEntries(memories);
}

const withUser = (memory: Shared, domain: string, role: string | undefined): Shared =>
  role === "owner" ? { ...memory, owner: domain } : { ...memory, borrowers: [...memory.borrowers, domain] };

/** Where the language's own default puts shared memory in a domain that is not direct-mapped. */
const isUsual = (address: SharedMemoryInput["guestAt"]): boolean =>
  typeof address === "number" && address >= 0x3300_0000 && address < 0x3800_0000;

/** One memory as two domains see it; undefined where the language cannot say it. Direct-mapped is the machine's address. */
function together(memory: Shared, view: Pick<Shared, "at" | "guestAt" | "size">): Shared | undefined {
  if (memory.size !== view.size || memory.at !== view.at) return undefined;
  if (memory.guestAt === view.guestAt) return memory;
  const others = [memory.guestAt, view.guestAt].filter((address) => address !== undefined && address !== memory.at);
  if (!others.every(isUsual)) return undefined;
  const { size, at, borrowers, owner } = memory;
  return { size, ...(at !== undefined && { at }), ...(owner !== undefined && { owner }), borrowers };
}

/** Host address (from Xen 4.19 on it may be left out), guest address, size. */
function readRegion(blob: Blob, node: Node, domain: Node): Pick<Shared, "at" | "guestAt" | "size"> | undefined {
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
