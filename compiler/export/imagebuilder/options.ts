import { MiB } from "../../base/units.ts";
import { capabilities } from "../../ir/domain-options.ts";
import type { ResolvedDomain, ShutdownReason } from "../../ir/resolved.ts";
import type { Origin, Sheet } from "./sheet.ts";

/** What ImageBuilder's later patches know of a domain, and what it has no variable for. */
export function writeOptions(sheet: Sheet, domain: ResolvedDomain, index: number): void {
  const { name, grants = {}, capabilities: held = [], trapUnmappedAccesses, p2mMemory } = domain;
  const at = (field: string): Origin => ({ index: [index], place: ["domains", name, field] });
  const number = (variable: string, value: number | undefined, field: string): void => {
    if (value !== undefined) sheet.set(variable, value, at(field));
  };
  number("DOMU_GRANT_VER", grants.version, "grants");
  number("DOMU_GRANT_FRAMES", grants.frames, "grants");
  number("DOMU_MAPTRACK_FRAMES", grants.maptrackFrames, "grants");
  const [first, ...more] = held;
  if (first !== undefined) {
    const mask = held.reduce((bits, each) => bits | (1 << capabilities.indexOf(each)), 0);
    sheet.set("DOMU_CAPS", more.length === 0 ? first : mask, at("capabilities"));
  }
  number(
    "DOMU_TRAP_UNMAP",
    trapUnmappedAccesses === undefined ? undefined : Number(trapUnmappedAccesses),
    "trapUnmappedAccesses",
  );
  number("DOMU_P2M_MEM_MB", p2mMemory === undefined ? undefined : p2mMemory / MiB(1), "p2mMemory");
  writePolicy(sheet, domain, at("passthroughPolicy"));
  tellUnsayable(sheet, domain);
}

/** Without a device "disabled" is what there is anyway. */
function writePolicy(sheet: Sheet, { name, passthroughPolicy, passthrough }: ResolvedDomain, origin: Origin): void {
  if (passthroughPolicy === "enabled") sheet.set("DOMU_PASSTHROUGH_PROP", "enabled", origin);
  if (passthroughPolicy === "disabled" && passthrough)
    sheet.cannot(`"disabled" of domain "${name}"`, origin.place ?? [], 'DOMU_PASSTHROUGH_PROP is "enabled" or not set');
}

const unknown = "there is no variable for it";
const ours = "it is the core's own, and ImageBuilder knows upstream's properties alone";
const usualActions: Readonly<Record<ShutdownReason, string>> = {
  poweroff: "destroy",
  reboot: "restart",
  crash: "destroy",
  watchdog: "destroy",
};

function tellUnsayable(sheet: Sheet, domain: ResolvedDomain): void {
  const {
    name,
    weight,
    cap,
    rtds,
    vcpus,
    onShutdown,
    nrSpis,
    sve = 0,
    llcColors,
    sci = "none",
    v8rMsa = "mpu",
  } = domain;
  const cannot = (field: string, why: string, ...deeper: readonly (string | number)[]): void => {
    sheet.cannot(`${field} of domain "${name}"`, ["domains", name, ...(deeper.length > 0 ? deeper : [field])], why);
  };
  if (weight !== undefined) cannot("weight", ours);
  if (cap !== undefined) cannot("cap", ours);
  if (rtds) cannot("rtds", ours);
  for (const [vcpu, own] of vcpus.entries()) if (own.rtds) cannot("rtds", ours, "vcpus", vcpu, "rtds");
  for (const [reason, action] of Object.entries(onShutdown))
    if (action !== usualActions[reason as ShutdownReason])
      cannot(`on${reason.charAt(0).toUpperCase()}${reason.slice(1)}`, ours);
  if (nrSpis !== undefined) cannot("nrSpis", unknown);
  if (sve !== 0) cannot("sve", unknown);
  if (sci !== "none") cannot("sci", unknown);
  if (v8rMsa !== "mpu") cannot("v8rMsa", unknown);
  if (llcColors !== undefined)
    cannot("llcColors", "DOMU_COLORS is a property of Xilinx' Xen, and the domain would have all colours on any other");
}
