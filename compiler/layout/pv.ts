import { crc32 } from "../base/crc32.ts";
import { invariant } from "../base/invariant.ts";
import { consoleNumber, diskName, diskNumber, virtualDevice } from "../codecs/xenstore.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PlacedLink, PvLink } from "../ir/pv.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import type { Devices, Numbered } from "./link-numbers.ts";
import { numberLinks } from "./link-numbers.ts";
import type { Lock } from "./lock.ts";

export interface PlacedPv {
  readonly links: readonly PlacedLink[];
  /** For the lock file. */
  readonly kept: Pick<Lock, "interfaces" | "disks" | "consoles">;
  readonly diagnostics: readonly Diagnostic[];
}

const interfaces: Devices = { what: "interface", show: String };
const disks: Devices = { what: "disk", show: diskName };
const consoles: Devices = { what: "console", show: (index) => String(consoleNumber(index)) };

/**
 * A number for each device, and an address or a name that follows from it where none is written; links that nobody can set
 * up are left out.
 */
export function placePv({ name: system, pv, domains }: ResolvedSystem, lock: PlacedPv["kept"]): PlacedPv {
  const idOf = (name: string): number => domains.findIndex((domain) => domain.name === name) + 1;
  const nets = numberLinks(ofKind(pv, "net", netText), lock.interfaces, interfaces);
  const blocks = numberLinks(ofKind(pv, "block", blockText), lock.disks, disks);
  const texts = numberLinks(ofKind(pv, "console", noText), lock.consoles, consoles);
  const macs = macsOf(pv, nets.numbers, system);
  const links = pv.flatMap((link, index): readonly PlacedLink[] => {
    const { backend, frontend } = link;
    const ends = { backend, frontend, backendId: idOf(backend), frontendId: idOf(frontend) };
    if (link.kind === "net") {
      const { bridge } = link;
      const handle = nets.numbers.get(index) ?? 0;
      return [
        { ...ends, kind: link.kind, handle, mac: macs.get(index) ?? "", ...(bridge !== undefined && { bridge }) },
      ];
    }
    if (link.kind === "console")
      return [{ ...ends, kind: link.kind, number: consoleNumber(texts.numbers.get(index) ?? 0) }];
    if (link.kind !== "block") return [];
    const { kind, device, mode } = link;
    const name = link.name ?? diskName(blocks.numbers.get(index) ?? 0);
    const number = virtualDevice(name);
    invariant(number !== undefined, "a disk's name, which CHECK has read");
    return [{ ...ends, kind, device, name, virtualDevice: number, mode }];
  });
  return {
    links,
    kept: { interfaces: nets.kept, disks: blocks.kept, consoles: texts.kept },
    diagnostics: [nets, blocks, texts].flatMap(({ diagnostics }) => diagnostics),
  };
}

type Net = Extract<PvLink, { readonly kind: "net" }>;
type Block = Extract<PvLink, { readonly kind: "block" }>;

const netText = ({ bridge, mac }: Net) => ({ text: [bridge, mac].filter((each) => each !== undefined).join(" ") });
const blockText = ({ device, name }: Block) => ({
  text: device,
  number: name === undefined ? undefined : diskNumber(name),
});
const noText = () => ({ text: "" });

function ofKind<K extends PvLink["kind"]>(
  pv: readonly PvLink[],
  kind: K,
  written: (link: Extract<PvLink, { readonly kind: K }>) => Pick<Numbered, "text" | "number">,
): readonly Numbered[] {
  const isOfKind = (link: PvLink): link is Extract<PvLink, { readonly kind: K }> => link.kind === kind;
  return pv.flatMap((link, index) =>
    isOfKind(link) ? [{ index, backend: link.backend, frontend: link.frontend, ...written(link) }] : [],
  );
}

/**
 * Of each interface: the one that is written, else one that follows from the names of the system and the frontend and from
 * its number there, so that other links change it no more than the number. It is locally administered (the second bit of
 * the first octet, IEEE 802), and none that another interface here has.
 */
function macsOf(
  pv: readonly PvLink[],
  numbers: ReadonlyMap<number, number>,
  system: string,
): ReadonlyMap<number, string> {
  const used = new Set(pv.flatMap((link) => (link.kind === "net" && link.mac !== undefined ? [link.mac] : [])));
  const macs = new Map<number, string>();
  for (const [index, number] of numbers) {
    const link = pv[index];
    if (link?.kind !== "net") continue;
    const device = JSON.stringify([system, link.frontend, number]);
    let mac = link.mac ?? madeMac(device);
    for (let again = 1; link.mac === undefined && used.has(mac); again++) mac = madeMac(`${device} ${again}`);
    macs.set(index, mac);
    used.add(mac);
  }
  return macs;
}

/** 02:00 and 32 bits of `text`: two that differ have the same by chance once in 2^32. */
function madeMac(text: string): string {
  const value = crc32(new TextEncoder().encode(text));
  const octets = [0x02, 0, value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  return octets.map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}
