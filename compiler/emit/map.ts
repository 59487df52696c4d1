import { formatRange } from "../base/ranges.ts";
import { formatSize, hex } from "../base/units.ts";
import type { AssignedDevice } from "../ir/devices.ts";
import type { PlacedDomain, PlacedSystem, Region } from "../ir/placed.ts";
import { viewsOf } from "../ir/placed.ts";
import type { PlacedLink } from "../ir/pv.ts";
import { formatTarget } from "../ir/target.ts";

/** The map for people: who owns which range of the machine's memory, then what each guest has and sees of it. */
export function mapText(placed: PlacedSystem): string {
  const { resolved } = placed;
  const sections = [
    [`Memory map of ${resolved.name} for ${formatTarget(resolved.target)} on ${resolved.board.profile.name}`],
    ["Machine memory", ...regionTable(placed.regions)],
    ...placed.domains.map((domain) => [
      `Domain ${domain.domid}: ${domain.resolved.name}`,
      ...domainTable(domain, resolved.target.hypervisor),
      ...(domain.resolved.passthrough?.devices ?? []).map(deviceLine),
      ...linkLines(placed, domain.resolved.name),
    ]),
  ];
  return sections.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** A device of the machine that is the domain's alone, by its path there; where the guest sees it, if that is elsewhere. */
function deviceLine({ path, node, regions, interrupts }: AssignedDevice): string {
  const parts = [
    ...regions.map(({ machine, guest }) =>
      guest.start === machine.start
        ? `at ${formatRange(machine)}`
        : `at ${formatRange(guest)}, in the machine at ${formatRange(machine)}`,
    ),
    ...interrupts.map(({ kind, number }) => `${kind.toUpperCase()} ${number}`),
  ];
  return `  device ${[path ?? node, ...parts].join(", ")}`;
}

/** What a domain has in common with others: shared memory where it sees it, ports and where they lead. */
function linkLines(placed: PlacedSystem, name: string): readonly string[] {
  const views = viewsOf(placed, name).map(
    ({ share, at }) => `  shared memory ${share.resolved.name} at ${formatRange(at)}`,
  );
  const ports = placed.eventChannels.flatMap(([a, b]) => [
    ...(a.domain === name ? [`  port ${a.port} to ${b.domain}, port ${b.port}`] : []),
    ...(b.domain === name ? [`  port ${b.port} to ${a.domain}, port ${a.port}`] : []),
  ]);
  return [...views, ...ports, ...placed.pv.flatMap((link) => pvLine(link, name))];
}

/** A PV device, at each end: what it is called there, and what it is. */
function pvLine(link: PlacedLink, name: string): readonly string[] {
  return [
    ...(link.backend === name ? [`  PV ${pvDevice(link, "backend")}, for ${link.frontend}`] : []),
    ...(link.frontend === name ? [`  PV ${pvDevice(link, "frontend")}, from ${link.backend}`] : []),
  ];
}

function pvDevice(link: PlacedLink, end: "backend" | "frontend"): string {
  if (link.kind === "block")
    return `disk ${link.name}, ${link.device}, ${link.mode === "r" ? "read only" : "read and write"}`;
  if (link.kind === "console") return `console ${link.number}`;
  // As Linux calls the backend's (xl-network-configuration(5), vifname): all frontends have an interface 0.
  const called = end === "backend" ? `vif${link.frontendId}.${link.handle}` : link.handle;
  return `interface ${called}, ${link.mac}${link.bridge === undefined ? "" : `, bridge ${link.bridge}`}`;
}

/** One region a line: what is loaded into the image lies inside the hypervisor's own range. */
function regionTable(regions: readonly Region[]): readonly string[] {
  return table([
    ["start", "end", "size", "kind", "owner"],
    ...regions.map(({ range, kind, owner }) => [
      address(range.start),
      address(range.start + range.size),
      formatSize(range.size),
      kind,
      owner || "-",
    ]),
  ]);
}

/** Memory by size has no addresses in the binding: the core follows known rules, upstream Xen its own. */
const bySize = {
  core: "memory by size: placed by the core's rules",
  xen: "memory by size: Xen chooses the machine addresses, these show that it fits",
} as const;

function domainTable(domain: PlacedDomain, hypervisor: keyof typeof bySize): readonly string[] {
  const { resolved, banks, kernelAt, ramdiskAt, deviceTreeAt } = domain;
  const { cpus, pool, memory } = resolved;
  const facts = [
    `${cpus} vCPU${cpus === 1 ? "" : "s"}`,
    pool ? `pool ${pool.name}` : "Pool-0",
    memory.kind === "static" ? "static banks" : bySize[hypervisor],
    ...(resolved.directMap ? ["direct-mapped"] : []),
  ];
  const places = [
    { what: "kernel", range: kernelAt },
    ...(ramdiskAt ? [{ what: "ramdisk", range: ramdiskAt }] : []),
    { what: "device tree", range: deviceTreeAt },
  ];
  return [
    `  ${facts.join(", ")}`,
    ...table([
      ["guest start", "guest end", "size", "machine start"],
      ...banks.map(({ guest, machine }) => [
        address(guest.start),
        address(guest.start + guest.size),
        formatSize(guest.size),
        address(machine.start),
      ]),
    ]),
    ...places.map(({ what, range }) => `  ${what} at ${formatRange(range)}`),
  ];
}

/** Sixteen digits hold every address; twelve are enough for 48 bits and easier to read. */
const address = (value: number): string => `0x${hex(value).slice(2).padStart(12, "0")}`;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd());
}
