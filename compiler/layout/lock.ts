import { hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { ports } from "./ports.ts";

/** What LAYOUT chose last time for one system. A module's offset counts from the image's start. */
export interface Lock {
  readonly image?: number;
  /** The board's load address at that time. */
  readonly loadAddress?: number;
  /** By "domain/kind", as in "ui/kernel". */
  readonly modules: ReadonlyMap<string, number>;
  /** Event channels' ports, by "from>to/end", as in "control>ui/to". */
  readonly ports: ReadonlyMap<string, number>;
  /** Guest addresses of shared memory, by "name/domain", as in "frames/ui". */
  readonly views: ReadonlyMap<string, number>;
}

/** `xenimg.lock.json`: one for all configurations in a folder, by the systems' names. */
export type LockFile = ReadonlyMap<string, Lock>;

export const emptyLock: Lock = { modules: new Map(), ports: new Map(), views: new Map() };

const version = 2;

/** Text of the file, or what is wrong with it. */
export function readLock(text: string): Outcome<LockFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return broken("it is no JSON");
  }
  if (!isRecord(json)) return broken("it is no JSON object");
  if (json["version"] !== version) return broken(`its version is not ${version}`);
  const systems = json["systems"];
  if (!isRecord(systems)) return broken('"systems" is no object');
  const locks = new Map<string, Lock>();
  for (const [name, value] of Object.entries(systems)) {
    const lock = readSystem(name, value);
    if (lock.value === undefined) return { diagnostics: lock.diagnostics };
    locks.set(name, lock.value);
  }
  return { value: locks, diagnostics: [] };
}

/** What a section holds, and how a number is read and written there. */
const sections = {
  modules: { what: "offset", read: numberOf, write: hex },
  ports: { what: "port", read: portOf, write: (port: number) => port },
  views: { what: "address", read: numberOf, write: hex },
} as const;
type Section = keyof typeof sections;

function readSystem(name: string, json: unknown): Outcome<Lock> {
  if (!isRecord(json)) return broken(`"${name}" is no object`);
  const addresses: { image?: number; loadAddress?: number } = {};
  for (const field of ["image", "loadAddress"] as const) {
    if (json[field] === undefined) continue;
    const address = numberOf(json[field]);
    if (address === undefined) return broken(`"${field}" of "${name}" is no address`);
    addresses[field] = address;
  }
  const modules = readSection("modules", name, json["modules"]);
  if (modules.value === undefined) return { diagnostics: modules.diagnostics };
  // Files of before have none.
  const ports = readSection("ports", name, json["ports"] ?? {});
  if (ports.value === undefined) return { diagnostics: ports.diagnostics };
  const views = readSection("views", name, json["views"] ?? {});
  if (views.value === undefined) return { diagnostics: views.diagnostics };
  const lock = { ...addresses, modules: modules.value, ports: ports.value, views: views.value };
  return { value: lock, diagnostics: [] };
}

function readSection(section: Section, name: string, json: unknown): Outcome<ReadonlyMap<string, number>> {
  if (!isRecord(json)) return broken(`"${section}" of "${name}" is no object`);
  const entries = new Map<string, number>();
  for (const [key, value] of Object.entries(json)) {
    const number = sections[section].read(value);
    if (number === undefined) return broken(`the ${sections[section].what} of "${key}" is none that there can be`);
    entries.set(key, number);
  }
  return { value: entries, diagnostics: [] };
}

/** Sorted, so that the order in which configurations are built makes no difference. */
export function writeLock(file: LockFile): string {
  const systems = sorted(file).map(([name, { image, loadAddress, modules, ports, views }]): [string, object] => [
    name,
    {
      ...(image !== undefined && { image: hex(image) }),
      ...(loadAddress !== undefined && { loadAddress: hex(loadAddress) }),
      modules: writeSection("modules", modules),
      ...(ports.size > 0 && { ports: writeSection("ports", ports) }),
      ...(views.size > 0 && { views: writeSection("views", views) }),
    },
  ]);
  return `${JSON.stringify({ version, systems: Object.fromEntries(systems) }, undefined, 2)}\n`;
}

const writeSection = (section: Section, entries: ReadonlyMap<string, number>): object =>
  Object.fromEntries(sorted(entries).map(([key, value]) => [key, sections[section].write(value)]));

const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const broken = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI2101", { reason })] });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "0x40200000", as writeLock spells it. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,13}$/.test(value)) return undefined;
  return Number(value);
}

function portOf(value: unknown): number | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) return undefined;
  return value >= ports.first && value <= ports.last ? value : undefined;
}
