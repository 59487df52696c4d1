import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DeviceTree } from "dtc-js";
import { encode } from "dtc-js";
import type { QemuVirtParameters } from "../../boards/index.ts";
import { qemuVirt } from "../../boards/index.ts";
import type { BoardInput, DomainInput, SystemInput } from "../../compiler/index.ts";
import type { MachineRequest } from "./machine.ts";
import { corePv, guest, temporaryFolder } from "./paths.ts";
import type { Store } from "./store.ts";
import { treeWithStore } from "./store.ts";
import { lowerUnchecked } from "./unchecked.ts";

/** A device between two domains; ids are those of the core, from 1. */
export interface PvLink {
  readonly kind: "net" | "block";
  readonly backend: number;
  readonly frontend: number;
  /** The device's number for its frontend. */
  readonly device: number;
}

/** Rights, path and value. */
type StoreEntry = Store["entries"][number];

/** Where the two ends of a link are in the store. */
export function linkPaths({ kind, backend, frontend, device }: PvLink): {
  readonly front: string;
  readonly back: string;
} {
  const type = kind === "net" ? "vif" : "vbd";
  return {
    front: `/local/domain/${frontend}/device/${type}/${device}`,
    back: `/local/domain/${backend}/backend/${type}/${frontend}/${device}`,
  };
}

/** What the store says of a link before anybody has booted. */
function linkEntries(link: PvLink): readonly StoreEntry[] {
  const { backend, frontend } = link;
  const { front, back } = linkPaths(link);
  const entries = (
    rights: string,
    path: string,
    keys: readonly (readonly [string, string])[],
  ): readonly StoreEntry[] => [
    [rights, path, ""],
    ...keys.map(([key, value]) => [rights, `${path}/${key}`, value] as const),
  ];
  const state = ["state", "1"] as const;
  return [
    ...entries(`n${frontend}r${backend}`, front, [["backend-id", String(backend)], ["backend", back], state]),
    ...entries(`n${backend}r${frontend}`, back, [["frontend-id", String(frontend)], ["frontend", front], state]),
  ];
}

/** A system of bare-metal guests with a store. */
export interface PvSystem {
  readonly cpus: NonNullable<QemuVirtParameters["cpus"]>;
  /** In the order of their ids. */
  readonly domains: Readonly<Record<string, Omit<DomainInput, "enhanced">>>;
  readonly links: readonly PvLink[];
  /** Besides the links and the domains' homes. */
  readonly entries?: readonly StoreEntry[];
  readonly cpupools?: SystemInput["cpupools"];
}

/** A domain that is either end, or both, of its links, as the store says. */
export const linkGuest = (name: string, options: string): DomainInput => ({
  kernel: guest("link"),
  bootargs: `name=${name} ${options}`,
  memory: "8MiB",
});

function storeOf({ domains, links, entries = [] }: PvSystem): Store {
  const enabled = Object.keys(domains);
  const homes = enabled.map((_, index) => [`n${index + 1}`, `/local/domain/${index + 1}`, ""] as const);
  const pairs = new Map(links.map(({ backend, frontend }) => [`${backend} ${frontend}`, [backend, frontend] as const]));
  return { entries: [...homes, ...links.flatMap(linkEntries), ...entries], pairs: [...pairs.values()], enabled };
}

/** The machine with the core for devices between domains, in this process: many are booted. Its store is by hand. */
export async function bootPv(system: PvSystem): Promise<MachineRequest> {
  const domains = Object.fromEntries(
    Object.entries(system.domains).map(([name, domain]) => [name, { ...domain, enhanced: "no-xenstore" as const }]),
  );
  const { cpupools } = system;
  return boot({ board: board(system), domains, ...(cpupools && { cpupools }) }, (tree) =>
    treeWithStore(tree, storeOf(system)),
  );
}

/** The same as somebody writes it: the compiler numbers the devices, as `linkPaths` has them if each kind's are in order. */
export function linkedSystem(system: Omit<PvSystem, "entries">): SystemInput {
  const names = Object.keys(system.domains);
  const name = (id: number): string => names[id - 1] ?? "";
  return {
    board: board(system),
    domains: Object.fromEntries(
      Object.entries(system.domains).map(([key, domain]) => [key, { ...domain, enhanced: true as const }]),
    ),
    pv: system.links.map(({ kind, backend, frontend }, index) => {
      const ends = { backend: name(backend), frontend: name(frontend) };
      return kind === "net" ? { kind, ...ends } : { kind, ...ends, device: `254:${index}` };
    }),
  };
}

export const bootLinked = (system: SystemInput): Promise<MachineRequest> => boot(system, (tree) => tree);

const board = ({ cpus }: Pick<PvSystem, "cpus">): BoardInput => qemuVirt({ gic: 3, cpus, memory: "512MiB" });

async function boot(system: SystemInput, change: (tree: DeviceTree) => DeviceTree): Promise<MachineRequest> {
  const { tree, files, run, domains } = await lowerUnchecked(system, { hypervisor: "core" });
  const folder = temporaryFolder("pv");
  const write = (path: string, bytes: Uint8Array): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  };
  const guests = files.flatMap(({ path, at, content }) =>
    content.kind === "bytes" && path.startsWith("modules/")
      ? ["-device", `loader,file=${write(path, content.bytes)},addr=0x${at.toString(16)},force-raw=on`]
      : [],
  );
  const dtb = write("system.dtb", encode(change(tree)));
  return { program: run.program, args: [...run.machineArgs, "-kernel", corePv, "-dtb", dtb, ...guests], domains };
}
