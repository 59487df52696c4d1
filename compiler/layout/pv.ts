import { crc32 } from "../base/crc32.ts";
import { invariant } from "../base/invariant.ts";
import { virtualDevice } from "../codecs/xenstore.ts";
import type { PlacedLink, PvLink } from "../ir/pv.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";

/** A number for each device, and an address or a name where none is written; links that nobody can set up are left out. */
export function placePv({ name: system, pv, domains }: ResolvedSystem): readonly PlacedLink[] {
  const idOf = (name: string): number => domains.findIndex((domain) => domain.name === name) + 1;
  const names = diskNames(pv);
  const macs = macsOf(pv, system);
  const interfaces = new Map<string, number>();
  return pv.flatMap((link, index): readonly PlacedLink[] => {
    const { backend, frontend } = link;
    const ends = { backend, frontend, backendId: idOf(backend), frontendId: idOf(frontend) };
    if (link.kind === "net") {
      const handle = interfaces.get(frontend) ?? 0;
      interfaces.set(frontend, handle + 1);
      const { bridge } = link;
      return [{ ...ends, kind: link.kind, handle, mac: macs[index] ?? "", ...(bridge !== undefined && { bridge }) }];
    }
    if (link.kind !== "block") return [];
    const { kind, device, mode } = link;
    const name = names[index] ?? "";
    const number = virtualDevice(name);
    invariant(number !== undefined, "a disk's name, which CHECK has read");
    return [{ ...ends, kind, device, name, virtualDevice: number, mode }];
  });
}

/** Of each disk: the one that is written, else the first of xvda, xvdb, … that the frontend has free. */
function diskNames(pv: readonly PvLink[]): readonly (string | undefined)[] {
  const used = new Map<string, Set<string>>();
  const usedIn = (frontend: string): Set<string> => {
    const names = used.get(frontend) ?? new Set();
    used.set(frontend, names);
    return names;
  };
  for (const link of pv) if (link.kind === "block" && link.name !== undefined) usedIn(link.frontend).add(link.name);
  return pv.map((link) => {
    if (link.kind !== "block") return undefined;
    if (link.name !== undefined) return link.name;
    const names = usedIn(link.frontend);
    let disk = 0;
    while (names.has(diskName(disk))) disk++;
    names.add(diskName(disk));
    return diskName(disk);
  });
}

/** "xvda" to "xvdz", "xvdaa" and so on. */
function diskName(disk: number): string {
  let letters = "";
  for (let rest = disk; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return `xvd${letters}`;
}

/**
 * Of each interface: the one that is written, else one that follows from the system's name and the link's ends. It is
 * locally administered (the second bit of the first octet, IEEE 802), and none that another interface here has.
 */
function macsOf(pv: readonly PvLink[], system: string): readonly (string | undefined)[] {
  const used = new Set(pv.flatMap((link) => (link.kind === "net" && link.mac !== undefined ? [link.mac] : [])));
  const counts = new Map<string, number>();
  return pv.map((link) => {
    if (link.kind !== "net") return undefined;
    if (link.mac !== undefined) return link.mac;
    const ends = JSON.stringify([system, link.backend, link.frontend]);
    let count = counts.get(ends) ?? 0;
    while (used.has(madeMac(`${ends} ${count}`))) count++;
    const mac = madeMac(`${ends} ${count}`);
    counts.set(ends, count + 1);
    used.add(mac);
    return mac;
  });
}

/** 02:00 and 32 bits of `text`: two that differ have the same by chance once in 2^32. */
function madeMac(text: string): string {
  const value = crc32(new TextEncoder().encode(text));
  const octets = [0x02, 0, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
