import { hex } from "../base/units.ts";
import { consoleNumber, diskName, diskNumber } from "../codecs/xenstore.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { ports } from "./ports.ts";

/** What LAYOUT chose last time for one system. A module's offset counts from the image's start. */
export interface Lock extends Sections {
  readonly image?: number;
  /** The board's load address at that time. */
  readonly loadAddress?: number;
}

/** What a section holds, and how a number is read and written there. */
const sections = {
  /** By "domain/kind", as in "ui/kernel". */
  modules: { what: "offset", read: numberOf, write: hex },
  /** Event channels' ports, by "from>to/end", as in "control>ui/to". */
  ports: { what: "port", read: portOf, write: (port: number) => port },
  /** Guest addresses of shared memory, by "name/domain", as in "frames/ui". */
  views: { what: "address", read: numberOf, write: hex },
  /** PV interfaces' numbers in their frontends, by "backend>frontend bridge mac". */
  interfaces: { what: "number", read: countOf, write: (count: number) => count },
  /** PV disks' numbers, which the file has as names, by "backend>frontend device". */
  disks: { what: "name", read: diskOf, write: diskName },
  /** PV consoles' numbers, which both ends have from 1, by "backend>frontend". */
  consoles: { what: "number", read: consoleOf, write: consoleNumber },
} as const;
type Section = keyof typeof sections;
type Sections = Readonly<Record<Section, ReadonlyMap<string, number>>>;

/** `xenimg.lock.json`: one for all configurations in a folder, by the systems' names. */
export type LockFile = ReadonlyMap<string, Lock>;

const eachSection = <T>(make: (section: Section) => T): Readonly<Record<Section, T>> => ({
  modules: make("modules"),
  ports: make("ports"),
  views: make("views"),
  interfaces: make("interfaces"),
  disks: make("disks"),
  consoles: make("consoles"),
});

export const emptyLock: Lock = eachSection(() => new Map<string, number>());

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

function readSystem(name: string, json: unknown): Outcome<Lock> {
  if (!isRecord(json)) return broken(`"${name}" is no object`);
  const addresses: { image?: number; loadAddress?: number } = {};
  for (const field of ["image", "loadAddress"] as const) {
    if (json[field] === undefined) continue;
    const address = numberOf(json[field]);
    if (address === undefined) return broken(`"${field}" of "${name}" is no address`);
    addresses[field] = address;
  }
  // Files of before have modules alone.
  const read = eachSection((section) =>
    readSection(section, name, section === "modules" || Object.hasOwn(json, section) ? json[section] : {}),
  );
  const failed = Object.values(read).find(({ value }) => value === undefined);
  if (failed !== undefined) return { diagnostics: failed.diagnostics };
  return { value: { ...addresses, ...eachSection((section) => read[section].value ?? new Map()) }, diagnostics: [] };
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
  const systems = sorted(file).map(([name, { image, loadAddress, ...lock }]): [string, object] => [
    name,
    {
      ...(image !== undefined && { image: hex(image) }),
      ...(loadAddress !== undefined && { loadAddress: hex(loadAddress) }),
      ...eachSection((section) => writeSection(section, lock[section])),
    },
  ]);
  return `${JSON.stringify({ version, systems: Object.fromEntries(systems) }, undefined, 2)}\n`;
}

/** Those that hold nothing are left out, but for the first, which every file has. */
const writeSection = (section: Section, entries: ReadonlyMap<string, number>): object | undefined =>
  entries.size === 0 && section !== "modules"
    ? undefined
    : Object.fromEntries(sorted(entries).map(([key, value]) => [key, sections[section].write(value)]));

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

/** Of devices, from 0. */
function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? value : undefined;
}

function diskOf(value: unknown): number | undefined {
  return typeof value === "string" ? diskNumber(value) : undefined;
}

function consoleOf(value: unknown): number | undefined {
  const number = countOf(value);
  return number === undefined || number < consoleNumber(0) ? undefined : number - consoleNumber(0);
}
