import { hex } from "../../base/units.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import { viewsOf } from "../../ir/placed.ts";
import type { Sheet } from "./sheet.ts";

/** What a domain shares with others. */
export function writeLinks(sheet: Sheet, placed: PlacedSystem, domain: string, index: number): void {
  writeSharedMemory(sheet, placed, domain, index);
  writeChannels(sheet, placed, domain, index);
}

/** DOMU_SHARED_MEM[i]: "ID host guest size", or "ID guest size", where the hypervisor finds the memory. */
function writeSharedMemory(sheet: Sheet, placed: PlacedSystem, domain: string, index: number): void {
  const [view, ...more] = viewsOf(placed, domain);
  for (const { share } of more) {
    const { name } = share.resolved;
    const why = `ImageBuilder's domains see one each, and "${domain}" has another already`;
    sheet.cannot(`shared memory "${name}"`, ["sharedMemory", name], why);
  }
  if (view === undefined) return;
  const { name, at, size } = view.share.resolved;
  const words = [name, ...(at === undefined ? [] : [hex(at)]), hex(view.at.start), hex(size)];
  const place = ["sharedMemory", name];
  const since = at === undefined ? { since: "2024-06" } : {};
  sheet.set("DOMU_SHARED_MEM", words.join(" "), { index: [index], place, ...since });
}

/** DOMU_STATIC_EVTCHNS[i]: "local port, other domain, its port; …"; both ends of a channel name it. */
function writeChannels(sheet: Sheet, { eventChannels, domains }: PlacedSystem, domain: string, index: number): void {
  const ends = eventChannels
    .flatMap(([a, b]) => [[a, b] as const, [b, a] as const])
    .filter(([mine]) => mine.domain === domain)
    .map(([mine, other]) => {
      const number = domains.findIndex(({ resolved }) => resolved.name === other.domain);
      return `${mine.port} ${number} ${other.port}`;
    });
  if (ends.length > 0) sheet.set("DOMU_STATIC_EVTCHNS", ends.join("; "), { index: [index], place: ["eventChannels"] });
}

/** What ImageBuilder has no words for, among all that domains share. */
export function tellUnsharable(sheet: Sheet, { resolved: { sharedMemory, pv } }: PlacedSystem): void {
  for (const { name, owner } of sharedMemory)
    if (owner !== undefined)
      sheet.cannot(
        `the owner of shared memory "${name}"`,
        ["sharedMemory", name, "owner"],
        "what its domains share belongs to nobody",
      );
  for (const [index, { kind, backend, frontend }] of pv.entries())
    sheet.cannot(`the ${kind} link from "${backend}" to "${frontend}"`, ["pv", index], "it links no domains");
}
