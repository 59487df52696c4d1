import { hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";

/** `xenimg.lock.json`: what LAYOUT chose last time. A module's offset counts from the image's start. */
export interface Lock {
  readonly image?: number;
  /** By "domain/kind", as in "ui/kernel". */
  readonly modules: ReadonlyMap<string, number>;
}

export const emptyLock: Lock = { modules: new Map() };

const version = 1;

/** Text of the file, or what is wrong with it. */
export function readLock(text: string): Outcome<Lock> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return broken("it is no JSON");
  }
  if (!isRecord(json)) return broken("it is no JSON object");
  if (json["version"] !== version) return broken(`its version is not ${version}`);
  const image = json["image"] === undefined ? undefined : numberOf(json["image"]);
  const modules = isRecord(json["modules"]) ? Object.entries(json["modules"]) : [];
  const offsets = modules.map(([name, value]) => [name, numberOf(value)] as const);
  const bad = offsets.find(([, value]) => value === undefined)?.[0];
  if (json["image"] !== undefined && image === undefined) return broken('"image" is no address');
  if (bad !== undefined) return broken(`the offset of "${bad}" is no number`);
  const lock: Lock = {
    ...(image !== undefined && { image }),
    modules: new Map(offsets.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))),
  };
  return { value: lock, diagnostics: [] };
}

export function writeLock(lock: Lock): string {
  const modules = [...lock.modules].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, at]) => [name, hex(at)] as const);
  const image = lock.image === undefined ? {} : { image: hex(lock.image) };
  return `${JSON.stringify({ version, ...image, modules: Object.fromEntries(modules) }, undefined, 2)}\n`;
}

const broken = (reason: string): Outcome<Lock> => ({ diagnostics: [diagnose("XI2101", { reason })] });

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** "0x40200000", as writeLock spells it. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== "string" || !/^0x[0-9a-f]{1,13}$/.test(value)) return undefined;
  return Number(value);
}
