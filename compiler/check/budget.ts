import { GiB, KiB, MiB } from "../base/units.ts";
import type { BoardFacts, ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";
import type { Target } from "../ir/target.ts";
import { servesStore } from "./store.ts";

/** The documented default of `xen,domain-p2m-mem-mb`: 1 MiB a vCPU, 4 KiB for each MiB of memory, 512 KiB besides. */
export const defaultP2mPool = (domain: ResolvedDomain): number =>
  MiB(domain.cpus) + KiB(4) * Math.ceil(memorySize(domain) / MiB(1)) + KiB(512);

/** What the target sets aside for one domain besides its memory, in the pieces that it takes. */
export const ownPieces = (domain: ResolvedDomain, system: ResolvedSystem): readonly number[] =>
  system.target.hypervisor === "xen"
    ? [domain.p2mMemory ?? defaultP2mPool(domain)]
    : [
        Math.max(coreTables(domain, system), domain.p2mMemory ?? 0),
        coreLoad,
        coreStructures + KiB(16) * domain.cpus + (servesStore(system) ? coreGrants(domain) : 0),
        ...(servesStore(system) ? storePieces(domain) : []),
      ];

/** What the core makes a domain with (struct domain_load, hypervisor/include/xi/load.h), rounded up. */
const coreLoad = KiB(192);

/** struct xen_domain above all, and the pages of domain and interrupts (hypervisor/core/build.c), rounded up. */
const coreStructures = KiB(384);

/** Pages that a guest maps one by one, on up to 48 bits of address, and the root (hypervisor/core/stage2.c). */
const coreSpare = KiB(4) * (160 * 3 + 1);

/** The two pages of the virtual CPU interface of a GICv2, apart from the rest; their root is counted again. */
const coreInterface = ({ gic }: BoardFacts): number => (gic.version === 2 ? tablesOf(KiB(8), 2) + KiB(4) : 0);

/** What a domain has for grants (pv_size), by their limits, and XenStore's page, rounded up. */
const storePieces = ({ enhanced, grants }: ResolvedDomain): readonly number[] => [
  ...(enhanced === undefined
    ? []
    : [KiB(16) + KiB(2) * (grants?.frames ?? 64) + KiB(4) * (grants?.maptrackFrames ?? 32)]),
  ...(enhanced === "enabled" ? [KiB(4)] : []),
];

/** Pages of a grant table beyond those of its default limit. */
const coreGrants = ({ grants }: ResolvedDomain): number => KiB(4) * Math.max(0, (grants?.frames ?? 0) - 64);

/** The store that all have in common (pv_store_size), rounded up: a share for each domain, and its own. */
export const commonPieces = (system: ResolvedSystem): readonly number[] =>
  servesStore(system) ? [KiB(320) * (system.domains.length + 1)] : [];

function coreTables(domain: ResolvedDomain, { board, sharedMemory }: ResolvedSystem): number {
  const views = sharedMemory.filter(({ owner, borrowers }) => [owner, ...borrowers].includes(domain.name));
  const { memory, passthrough } = domain;
  // Memory by size begins on 2 MiB here and there: only its ends need tables of pages.
  const sizes = [...(memory.kind === "sized" ? [] : memory.banks), ...views].map(({ size }) => size);
  const sized = memory.kind === "sized" ? tablesOf(memory.size, 2) : 0;
  const devices = passthrough?.devices.flatMap(({ regions }) => regions.map(({ machine }) => machine.size)) ?? [];
  const others = coreSpare + coreInterface(board) + sized;
  return [...sizes, ...devices].reduce((sum, size) => sum + tablesOf(size, Math.ceil(size / MiB(2)) + 1), others);
}

/** One table for each GiB that a range touches, and one at each end for those above. */
const tablesOf = (size: number, pageTables: number): number => KiB(4) * (pageTables + Math.ceil(size / GiB(1)) + 1 + 2);

/** Upstream's own use of RAM, as observed of 4.17: a frame table of 56 bytes a page in steps of 2 MiB, and a little. */
export const hypervisorOwn = ({ hypervisor }: Target, ram: number): number =>
  hypervisor === "core" ? 0 : MiB(2) * Math.ceil((56 * (ram / KiB(4))) / MiB(2)) + MiB(1);

const memorySize = ({ memory }: ResolvedDomain): number =>
  memory.kind === "sized" ? memory.size : memory.banks.reduce((sum, bank) => sum + bank.size, 0);
