import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import type { SharedMemory } from "./resolved.ts";

/** Where a domain is to see shared memory, if the user wrote it. */
export const writtenAt = ({ guestAt }: Pick<SharedMemory, "guestAt">, domain: string): number | undefined =>
  typeof guestAt === "object" ? guestAt.get(domain) : guestAt;

/** The place in the configuration that says so, else the memory itself. */
export function placeOfView(share: Pick<SharedMemory, "name" | "guestAt">, domain: string): ConfigPath {
  const memory = ["sharedMemory", share.name];
  if (writtenAt(share, domain) === undefined) return memory;
  return [...memory, "guestAt", ...(typeof share.guestAt === "object" ? [domain] : [])];
}

/** The guest addresses that are written, each once. */
export const writtenViews = ({
  guestAt,
}: Pick<SharedMemory, "guestAt">): readonly (readonly [ConfigPath, number])[] => {
  if (guestAt === undefined) return [];
  if (typeof guestAt === "number") return [[["guestAt"], guestAt]];
  return [...guestAt].map(([domain, at]) => [["guestAt", domain], at] as const);
};

/** All domains that see it, the owner first. */
export const viewersOf = ({ owner, borrowers }: Pick<SharedMemory, "owner" | "borrowers">): readonly string[] => [
  ...(owner === undefined ? [] : [owner]),
  ...borrowers,
];
