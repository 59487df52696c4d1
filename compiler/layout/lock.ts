import { hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";

/** What LAYOUT chose last time for one system. A module's offset counts from the image's start. */
export interface Lock {
  readonly image?: number;
  /** The board's load address at that time. */
  readonly loadAddress?: number;
  /** By "domain/kind", as in "ui/kernel". */
  readonly modules: ReadonlyMap<string, number>;
}

/** `xenimg.lock.json`: one for all configurations in a folder, by the systems' names. */
export type LockFile = ReadonlyMap<string, Lock>;

export const emptyLock: Lock = { modules: new Map() };

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
  if (!isRecord(json["modules"])) return broken(`"modules" of "${name}" is no object`);
  const modules = new Map<string, number>();
  for (const [module, value] of Object.entries(json["modules"])) {
    const offset = numberOf(value);
    if (offset === undefined) return broken(`the offset of "${module}" is no number`);
    modules.set(module, offset);
  }
  return { value: { ...addresses, modules }, diagnostics: [] };
}

/** Sorted, so that the order in which configurations are built makes no difference. */
export function writeLock(file: LockFile): string {
  const systems = sorted(file).map(([name, { image, loadAddress, modules }]): [string, object] => [
    name,
    {
      ...(image !== undefined && { image: hex(image) }),
      ...(loadAddress !== undefined && { loadAddress: hex(loadAddress) }),
      modules: Object.fromEntries(sorted(modules).map(([module, at]) => [module, hex(at)])),
    },
  ]);
  return `${JSON.stringify({ version, systems: Object.fromEntries(systems) }, undefined, 2)}\n`;
}

const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

const broken = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI2101", { reason })] });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "0x40200000", as writeLock spells it. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,13}$/.test(value)) return undefined;
  return Number(value);
}
