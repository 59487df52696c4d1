import { entry } from "../entry.ts";
import { provisionFor } from "../provisions.ts";

/** RESOLVE: names that point nowhere, and files that are not what they should be. XI30 names, 31 board, 32 hypervisor, 33 devices. */
export const resolveEntries = {
  XI3001: entry({
    severity: "error",
    message: (p: { pool: string }) => `there is no pool "${p.pool}"`,
    help: (p: { pool: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
    fix: quoted,
  }),
  XI3002: entry({
    severity: "error",
    message: (p: { cpu: string; board: string }) => `the board ${p.board} has no CPU "${p.cpu}"`,
    help: (p: { cpu: string; board: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
    fix: quoted,
  }),
  XI3003: entry({
    severity: "error",
    message: (p: { domain: string }) => `there is no domain "${p.domain}"`,
    help: (p: { domain: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
    fix: quoted,
  }),
  XI3004: entry({
    severity: "error",
    message: (p: { cluster: string; board: string }) => `the board ${p.board} has no one cluster "${p.cluster}"`,
    help: (p: { cluster: string; board: string; known: readonly string[]; nearest: string | undefined }) =>
      p.known.length === 0 ? "list the labels of its CPUs: its device tree has no cpu-map" : suggestion(p),
    fix: quoted,
  }),
  XI3101: entry({
    severity: "error",
    message: (p: { what: string; reason: string }) => `${p.what} cannot be decoded: ${p.reason}`,
    help: () => "name a .dtb file; compile a .dts with dtc first",
  }),
  XI3102: entry({
    severity: "error",
    message: (p: { missing: string }) => `the board's device tree has no ${p.missing}`,
    help: () => "take the tree that the board's firmware or vendor kernel really uses",
  }),
  XI3103: entry({
    severity: "error",
    message: (p: { labels: number; nodes: number }) =>
      `the board names ${p.labels} CPUs, its device tree has ${p.nodes}`,
    help: () => "give one label for each cpu node under /cpus, in the tree's order",
  }),
  XI3104: entry({
    severity: "error",
    message: (p: { node: string; problem: string }) =>
      `the board's device tree is not usable at ${p.node}: ${p.problem}`,
    help: () => "correct the tree: the hypervisor reads the same property",
  }),
  XI3201: entry({
    severity: "error",
    message: (p: { path: string; found: string }) => `the hypervisor "${p.path}" is ${p.found}, not an arm64 Image`,
    help: () => "name an uncompressed arm64 Image: hypervisor/build/core.img, or upstream's xen binary",
  }),
  XI3202: entry({
    severity: "error",
    message: (p: { path: string; other: boolean }) =>
      `the hypervisor "${p.path}" is ${p.other ? "a xenimg core of another version" : "not the xenimg core"}`,
    help: (p) => (p.other ? "take the core that came with this xenimg" : "for upstream Xen say so: --target xen@4.17"),
  }),
  XI3203: entry({
    severity: "error",
    message: (p: { path: string }) => `the hypervisor "${p.path}" is a finished image: modules are linked to it`,
    help: () => "name the core alone, as its build makes it: hypervisor/build/core.img",
  }),
  XI3204: entry({
    severity: "error",
    message: (p: { path: string }) => `the hypervisor "${p.path}" is the core without XenStore, which PV links need`,
    help: () => "leave --hypervisor out, or name core-pv.img, which the same build makes",
  }),
  XI3210: entry({
    severity: "error",
    message: (p: { node: string }) =>
      `the board's device tree has no RAM: ${p.node} is left for the firmware to fill in`,
    help: () =>
      "say what the firmware does, firmware: { memory: [{ at, size }] }, or take the tree of the running board",
  }),
  XI3211: entry({
    severity: "error",
    message: (p: { what: string; is: string; board: string }) =>
      `${p.what} is the device tree of ${p.is}, not of ${p.board}`,
    help: (p: { what: string; is: string; board: string; known: readonly string[] }) =>
      `name the .dtb whose root is compatible with ${p.known.join(" or ")}`,
  }),
  XI3212: entry({
    severity: "error",
    message: (p: { a: string; b: string; overlap: string }) =>
      `the board's device tree has RAM twice: ${p.a} and ${p.b} overlap at ${p.overlap}`,
    help: () => "correct the tree: memory in two nodes would be given out twice",
  }),
  XI3301: entry({
    severity: "error",
    message: (p: { device: string }) => `the board has no device "${p.device}"`,
    help: (p: { device: string; nearest: string | undefined }) =>
      p.nearest === undefined
        ? "`xenimg boards BOARD` lists them; name one by the path of its node, an alias, or the node's name where only one has it"
        : `did you mean "${p.nearest}"?`,
    fix: quoted,
  }),
  XI3302: entry({
    severity: "error",
    message: (p: { what: string; reason: string }) => `${p.what} is no partial device tree: ${p.reason}`,
    help: () =>
      "write it as Xen's docs/misc/arm/passthrough.txt says: nodes below /passthrough with xen,reg and xen,path",
  }),
  XI3303: entry({
    severity: "error",
    message: (p: { device: string }) => `the device ${p.device} is named twice`,
    help: () => "name it once: a device comes with all that is below its node",
  }),
  XI3304: entry({
    severity: "warning",
    message: (p: { device: string; properties: readonly string[] }) =>
      `the guest sees ${p.device} without ${p.properties.join(", ")}: they lead to devices that it does not have`,
    help: () => "assign those as well, or give a partial device tree of your own",
  }),
  XI3310: entry({
    severity: "warning",
    message: (p: { device: string; missing: readonly MissingProviders[] }) =>
      `the guest sees ${p.device} without ${p.missing.map(formatMissing).join(", ")}: their providers stay behind`,
    help: (p) =>
      `${p.missing.some(isAssignable) ? assignThem : ""}${provisionFor(p.missing.map(({ property }) => property))}`,
  }),
} as const;

export interface MissingProviders {
  readonly property: string;
  readonly bus?: string;
  readonly providers: readonly string[];
  /** Whether one of them is a device that a domain may be given. */
  readonly assignable: boolean;
}

const assignThem = "assign the providers that have registers as well, or give a partial device tree of your own. ";

/** An IOMMU and an interrupt controller are the hypervisor's. */
const isAssignable = ({ property, assignable }: MissingProviders): boolean =>
  assignable && !/^(iommus?|msi|interrupt)(-|$)/.test(property);

const formatMissing = ({ property, bus, providers }: MissingProviders): string =>
  `${property}${bus === undefined ? "" : ` of ${bus}`} (${providers.map((path) => path || "unknown").join(", ")})`;

/** As many names as fit a line or two. */
const mostNames = 20;

const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(", ")} and ${names.length - mostNames} more`
    : names.join(", ");

const suggestion = (p: { known: readonly string[]; nearest: string | undefined }): string =>
  p.nearest !== undefined
    ? `did you mean "${p.nearest}"?`
    : p.known.length === 0
      ? "none is declared"
      : `choose one of ${listed(p.known)}`;

/** The name that was meant, as it is written. */
function quoted({ nearest }: { nearest: string | undefined }): string | undefined {
  return nearest === undefined ? undefined : JSON.stringify(nearest);
}
