import type { Code } from "../../../compiler/index.ts";

/**
 * The rows of the catalogue of boot failures, and what becomes of each. A to F: board and early scan, modules, domains,
 * static memory, links, pools and devices.
 */
export type Row =
  /** `check` names it, and recall.test.ts boots it. */
  | { readonly what: string; readonly codes: readonly Code[]; readonly booted: true }
  /** `check` names it; why nobody boots it here. */
  | { readonly what: string; readonly codes: readonly Code[]; readonly notBooted: string }
  /** The language cannot say it, or the outputs cannot have it. */
  | { readonly what: string; readonly cannotHappen: string }
  /** Nothing in configuration, board or files tells before the boot. */
  | { readonly what: string; readonly cannotBeKnown: string };

const booted = (what: string, ...codes: readonly Code[]): Row => ({ what, codes, booted: true });
const named = (what: string, notBooted: string, ...codes: readonly Code[]): Row => ({ what, codes, notBooted });
const never = (what: string, cannotHappen: string): Row => ({ what, cannotHappen });
const unknown = (what: string, cannotBeKnown: string): Row => ({ what, cannotBeKnown });

const noDom0 = "the language has no dom0: every system is dom0less";
const later = "Debian's hypervisor is 4.17, and the core does not do it";
const umbrella = "the words that come after another row's";
const byConstruction = "xenimg writes it itself, for every system";

export const rows: Readonly<Record<string, Row>> = {
  A1: named(
    "a device tree of more than 2 MiB",
    "a loader's business: XI3104 leaves half of that to the board",
    "XI3104",
  ),
  A2: booted("no device tree", "XI3101"),
  A3: booted("a damaged list of reservations", "XI3101"),
  A4: booted("addresses or sizes without cells", "XI3212"),
  A5: booted("too many reserved regions", "XI4305"),
  A6: booted("too many pieces of RAM", "XI4305"),
  A7: booted("nodes too deep in one another", "XI4620"),
  A8: unknown(
    "a region that stops the early scan",
    "none was found that Debian's build stops at; XI3104 names what is malformed",
  ),
  A9: named("reserved memory that is taken for RAM", "the log does not tell, and using it twice shows late", "XI4501"),
  A10: booted("no RAM", "XI3102"),
  A11: booted("an interrupt controller that cannot be used", "XI3102", "XI3104", "XI4511", "XI4622"),
  A12: booted("no timer", "XI4623"),
  A13: booted("CPUs with bad or equal numbers", "XI3104"),
  A14: named("CPUs of another model than the boot CPU", "QEMU has no machine with both", "XI4441"),
  A15: unknown("an IOMMU that cannot translate for guests", "its own registers say so, no tree does"),
  A16: unknown("RAM too far apart", "how far differs from release to release, and QEMU's RAM is in one piece"),
  A17: never("a node that dom0 cannot have", noDom0),
  A18: never("names that dom0's tree needs", noDom0),

  B1: never("a module without address and size", byConstruction),
  B2: booted("too many modules", "XI4101"),
  B3: booted("too long a command line", "XI4102"),
  B4: booted("too long a name", "XI4103"),
  B5: booted("things in memory that overlap", "XI4001"),
  B6: booted("a domain without kernel", "XI2003"),
  B7: booted("a kernel of no known format", "XI4104"),
  B8: booted("a damaged gzip file", "XI2005"),
  B9: booted("a uImage for other machines or addresses", "XI4104", "XI4107"),
  B10: booted("a 32-bit kernel", "XI4105"),
  B11: booted("too little memory for kernel, ramdisk and device tree", "XI5003"),
  B12: booted("no place for device tree and ramdisk beside the kernel", "XI5003"),
  B13: booted("a kernel that clears its own device tree", "XI4110"),
  B14: booted("a direct-mapped kernel off the 2 MiB grid", "XI4306"),
  B15: never("a damaged place of dom0's ramdisk", noDom0),
  B16: booted("a first bank that does not hold what is loaded", "XI5003"),
  B17: never("modules of no kind", byConstruction),
  B18: never("a kernel that dom0 and another domain share", noDom0),

  C1: never("no number of CPUs", byConstruction),
  C2: booted("no memory", "XI1003"),
  C3: booted("no vCPU, or more than the interrupt controller serves", "XI1004", "XI4203"),
  C4: named(
    "more direct-mapped vCPUs than redistributors",
    "Debian's build has no direct map, the core has no such limit",
    "XI4205",
  ),
  C5: booted("more vCPUs than a guest's tree has room for", "XI4204"),
  C6: booted("assigned devices that a guest's tree has no room for", "XI4621"),
  C7: booted("more memory than there is", "XI5002"),
  C8: booted("more memory for stage-2 tables than there is", "XI4311"),
  C9: booted("XenStore that nobody serves", "XI4207"),
  C10: booted("an unknown word for PV", "XI1005"),
  C11: booted("a direct map without addresses", "XI4208"),
  C12: booted("a direct-mapped console without a UART to stand for", "XI4209"),
  C13: unknown("a hypervisor that was built without vPL011", "the file does not tell; Debian's and the core have it"),
  C14: booted("more shared interrupts than there are", "XI1004"),
  C15: never("a domain that cannot be set up", umbrella),
  C16: named("capabilities that contradict each other", later, "XI4124", "XI4907", "XI4908"),
  C17: named("limits of grants that overflow", later, "XI4903"),
  C18: booted("affinities of vCPUs or to CPUs that are not there", "XI4422", "XI4423"),
  C19: named("SVE, SCI or Armv8-R settings that the release does not have", later, "XI4900", "XI4902"),
  C20: named("cache colours that cannot be kept", later, "XI4910", "XI4911", "XI4912"),
  C21: named("a domain that inherits its neighbour's colours", later, "XI4122"),
  C22: never("dom0's memory", noDom0),

  D1: booted("a bank within a page", "XI4301"),
  D2: booted("a bank of 2^32 pages", "XI4302"),
  D3: booted("banks of two domains that overlap", "XI4001"),
  D4: booted("a bank outside RAM", "XI4303"),
  D5: booted("more memory than a guest's map has", "XI4202"),
  D6: named(
    "a bank across the guest's third GiB",
    "Debian's build has no static memory, the core has no such bug",
    "XI4304",
  ),
  D7: booted("too many banks", "XI4305"),
  D8: never("static memory that cannot be assigned", umbrella),
  D9: booted("a bank without its size", "XI1003"),
  D10: booted("static memory for a hypervisor that was built without", "XI4624"),
  D11: named("PV pages of a domain with static memory", "shows in a toolstack, which no system here has", "XI4307"),
  D12: booted("a static heap that is unaligned or too small", "XI4308", "XI4310"),
  D13: booted("a direct-mapped bank over devices", "XI4309"),

  E1: never("shared memory whose numbers have no cells", byConstruction),
  E2: booted("shared memory without a size", "XI1003"),
  E3: booted("a long name", "XI4602"),
  E4: never("a role that is none", byConstruction),
  E5: never("shared memory without a machine address", byConstruction),
  E6: booted("shared memory that is empty or ends within a page", "XI4604"),
  E7: booted("two of one name or place", "XI4001"),
  E8: booted("shared memory outside RAM", "XI4303"),
  E9: named(
    "a direct-mapped domain that sees it elsewhere",
    "Debian's build has no shared memory, the core allows it",
    "XI4625",
  ),
  E10: booted("two owners, or none", "XI4605"),
  E11: booted("shared memory over the guest's RAM", "XI4603"),
  E12: booted("shared memory for a hypervisor that was built without", "XI4624"),
  E13: booted("a port without its other end", "XI1003"),
  E14: booted("a channel that leads nowhere", "XI3003"),
  E15: booted("a port that is taken or does not exist", "XI4601", "XI1004"),
  E16: never("channels that cannot be set up", umbrella),
  E17: named("channels of a guest that is not told of Xen", "a bare-metal guest needs no telling", "XI4123"),

  F1: booted("a scheduler that does not exist", "XI1005", "XI4403"),
  F2: never("no /chosen", byConstruction),
  F3: booted("a pool without CPUs", "XI1008"),
  F4: booted("a CPU that the board does not have", "XI3002"),
  F5: booted("a CPU in two pools", "XI4401"),
  F6: named(
    "a CPU in a pool that stays off",
    "QEMU has no machine with two models, and Debian's build no pools",
    "XI4121",
    "XI4441",
  ),
  F7: booted("a pool that does not exist", "XI3001"),
  F8: booted("pools that change places", "XI4402"),
  F9: booted("more vCPUs under null than CPUs", "XI4210"),
  F10: booted("half a page of registers", "XI3302"),
  F11: booted("registers over the guest's RAM", "XI4808"),
  F12: booted("a device that the board does not have", "XI3301"),
  F13: booted("a device without its path", "XI3302"),
  F14: booted("a device without IOMMU, or of two domains", "XI3302", "XI4802"),
  F15: booted("mistakes below the first level, which are passed over", "XI3302"),
  F16: booted("a partial tree that is cut short", "XI3302"),
  F17: booted("a bus without cells", "XI3302"),
  F18: named("a partial tree whose controller has no phandle", "no bare-metal guest looks for it", "XI4626"),
  F19: booted("an interrupt of two domains, or of Xen", "XI4806", "XI4803"),
  F20: never("a device that dom0 drives as well", byConstruction),
  F21: never("names and places of files for UEFI", "no output is read by Xen's EFI stub"),
  F22: named(
    "a direct-mapped guest's redistributor regions",
    "Debian's build has no direct map, the core tells of them",
    "XI4206",
  ),
};

/** Of what users told in public: the rows that each story comes down to. */
export const stories: readonly { readonly what: string; readonly rows: readonly string[] }[] = [
  { what: "modules on reserved memory", rows: ["B5"] },
  { what: "static things that overlap", rows: ["B5", "D3"] },
  { what: "a ramdisk that the loader reserved", rows: ["B5"] },
  { what: "33 vCPUs", rows: ["C5"] },
  { what: "several assigned devices", rows: ["C6"] },
  { what: "mistakes deep in a partial tree", rows: ["F15"] },
  { what: "a controller without phandle", rows: ["F18"] },
  { what: "reserved memory as RAM", rows: ["A9"] },
  { what: "an unreadable reserved region", rows: ["A8"] },
  { what: "a bank across 3 GiB", rows: ["D6"] },
  { what: "a uImage's load address", rows: ["B9"] },
  { what: "PV and static memory", rows: ["D11"] },
  { what: "a kernel bigger in memory than on disk", rows: ["B13"] },
  { what: "too small a first bank", rows: ["B11", "C22"] },
  { what: "a host bridge without address", rows: ["A17"] },
  { what: "QEMU's SMMU", rows: ["A15"] },
  { what: "redistributors of a direct map", rows: ["C4", "F22"] },
  { what: "domains in another order", rows: ["F8"] },
  { what: "a script that fails without a word", rows: ["F21"] },
  { what: "static memory that was not built in", rows: ["D10", "C21"] },
  { what: "the vPL011's interrupt, and a compressed module's size", rows: ["F19", "B8"] },
  { what: "a loader's data over its code", rows: ["B5"] },
  { what: "providers that are missing from a fragment", rows: ["F12", "F19"] },
  { what: "one image for two machines", rows: ["B18"] },
  { what: "a log over the hypervisor", rows: ["B5"] },
  { what: "a hand-made configuration that is empty", rows: ["A10"] },
];
