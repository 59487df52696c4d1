import { MiB, formatSize, hex } from "../../base/units.ts";
import type { PlacedDomain } from "../../ir/placed.ts";
import type { AssignedDevices } from "../../ir/devices.ts";
import type { ResolvedDomain } from "../../ir/resolved.ts";
import type { ExportRequest } from "../request.ts";
import { commandLine } from "./command-line.ts";
import { writeLinks } from "./links.ts";
import { writeOptions } from "./options.ts";
import type { Origin, Sheet } from "./sheet.ts";

/** A domain's variables, in the order in which people give them. */
export function writeDomain(sheet: Sheet, { resolved }: PlacedDomain, index: number, request: ExportRequest): void {
  const { name, kernel, ramdisk, cpus, passthrough } = resolved;
  const at = (field: string): Origin => ({ index: [index], place: ["domains", name, field] });
  sheet.paragraph();
  if (name !== `domU${index}`) sheet.set("XENIMG_DOMU_NAME", name, at("kernel"));
  sheet.setFile("DOMU_KERNEL", request.pathFor(kernel.file.path), at("kernel"));
  if (ramdisk) sheet.setFile("DOMU_RAMDISK", request.pathFor(ramdisk.path), at("ramdisk"));
  writeCommandLine(sheet, resolved, at("bootargs"));
  writeMemory(sheet, resolved, at("memory"));
  if (cpus !== 1) sheet.set("DOMU_VCPUS", cpus, at("cpus"));
  writeCpus(sheet, resolved, index, request);
  if (!resolved.vpl011) sheet.set("DOMU_VPL011", 0, at("console"));
  writeEnhanced(sheet, resolved, at("enhanced"));
  if (passthrough) writeDevices(sheet, resolved.name, passthrough, at("passthrough"), request);
  writeOptions(sheet, resolved, index);
  writeLinks(sheet, request.placed, name, index);
}

/** Of a guest with a console ImageBuilder takes no text for `console=ttyAMA0`: a blank says that there is none. */
function writeCommandLine(sheet: Sheet, { bootargs = "", vpl011 }: ResolvedDomain, origin: Origin): void {
  if (bootargs !== "") commandLine(sheet, "DOMU_CMD", bootargs, origin);
  else if (vpl011) sheet.set("DOMU_CMD", " ", origin);
}

/** The property counts KiB, and its upper cell is always 0. */
const mostMemory = 2 ** 42;

function writeMemory(sheet: Sheet, { memory, directMap }: ResolvedDomain, origin: Origin): void {
  const banks = memory.kind === "static" ? memory.banks : [];
  const size = memory.kind === "sized" ? memory.size : banks.reduce((sum, bank) => sum + bank.size, 0);
  const name = memory.kind === "sized" ? "DOMU_MEM" : "DOMU_STATIC_MEM";
  const refuse = (why: string): void => {
    sheet.tell("XI2251", { what: formatSize(size), name, why }, origin.place);
  };
  if (size >= mostMemory) refuse("ImageBuilder writes 32 bits of KiB: less than 4 TiB");
  if (memory.kind === "sized") {
    if (size % MiB(1) !== 0) refuse("it counts whole MiB");
    sheet.set(name, Math.floor(size / MiB(1)), origin);
    return;
  }
  sheet.set(name, banks.map((bank) => `${hex(bank.start)} ${hex(bank.size)}`).join(" "), origin);
  if (!directMap) sheet.set("DOMU_DIRECT_MAP", 0, origin);
}

function writeCpus(sheet: Sheet, domain: ResolvedDomain, index: number, { placed }: ExportRequest): void {
  const { name, pool, vcpus } = domain;
  const { cpupools, board } = placed.resolved;
  if (pool)
    sheet.set(
      "DOMU_CPUPOOL",
      cpupools.findIndex((each) => each.name === pool.name),
      { index: [index], place: ["domains", name, "pool"] },
    );
  for (const [vcpu, { affinity }] of vcpus.entries()) {
    if (affinity === undefined) continue;
    const numbers = affinity.map((cpu) => board.cpus.findIndex(({ label }) => label === cpu.label));
    sheet.set("DOMU_VCPU_HARD_AFFINITY", rangesOf(numbers), {
      index: [index, vcpu],
      place: ["domains", name, "vcpus", vcpu, "affinity"],
    });
  }
}

/** "0-2,4" */
function rangesOf(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range?.[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

function writeEnhanced(sheet: Sheet, { name, enhanced }: ResolvedDomain, origin: Origin): void {
  if (enhanced === "enabled") sheet.set("DOMU_ENHANCED", 1, origin);
  if (enhanced === "no-xenstore") sheet.set("DOMU_ENHANCED", 2, { ...origin, since: "2024-04" });
  if (enhanced === "legacy")
    sheet.cannot(`"legacy" of domain "${name}"`, origin.place ?? [], "DOMU_ENHANCED is 0, 1 or 2");
}

/**
 * The partial device tree itself, for ImageBuilder makes one only with lopper or from a repository of them; and the paths of
 * the devices, so that it marks them in the board's tree.
 */
function writeDevices(
  sheet: Sheet,
  domain: string,
  { file, source, devices }: AssignedDevices,
  origin: Origin,
  { stem, pathFor }: ExportRequest,
): void {
  const paths = [...new Set(devices.flatMap(({ path }) => path ?? []))];
  if (paths.length > 0) sheet.set("DOMU_PASSTHROUGH_PATHS", paths.join(" "), origin);
  if (source && sameBytes(source.bytes, file.bytes)) {
    sheet.setFile("DOMU_PASSTHROUGH_DTB", pathFor(source.path), origin);
    return;
  }
  const name = `${stem}-${domain}.dtb`;
  sheet.addFile(name, file.bytes);
  sheet.setFile("DOMU_PASSTHROUGH_DTB", name, origin);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
