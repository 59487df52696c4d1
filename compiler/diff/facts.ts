import type { Range } from "../base/ranges.ts";
import { formatRange } from "../base/ranges.ts";
import { formatSize, hex } from "../base/units.ts";
import type { AssignedDevice } from "../ir/devices.ts";
import type { DomainOptions } from "../ir/domain-options.ts";
import type { Sha256 } from "../ir/host.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { PlacedDomain, PlacedShare, PlacedSystem } from "../ir/placed.ts";
import type { ResolvedPool, Schedule } from "../ir/resolved.ts";
import { formatTarget } from "../ir/target.ts";
import type { Fact, Statement } from "./fact.ts";
import { linkStatements } from "./links.ts";

export type { Fact } from "./fact.ts";

/** What is so in a system, in the order in which people ask: board, hypervisor, pools, domains, what they share. */
export function factsOf(placed: PlacedSystem, sha256: Sha256): readonly Fact[] {
  const { resolved, domains, sharedMemory } = placed;
  return [
    ...about("board", board(placed, sha256)),
    ...about(
      "system",
      resolved.rollbackIndex === 0 ? [] : [{ what: "rollback index", value: String(resolved.rollbackIndex) }],
    ),
    ...about("hypervisor", hypervisor(placed, sha256)),
    ...resolved.cpupools.flatMap((pool) => about(`pool ${pool.name}`, poolStatements(pool))),
    ...domains.flatMap((domain) => about(`domain ${domain.resolved.name}`, domainStatements(domain, placed, sha256))),
    ...sharedMemory.flatMap((share) => about(`shared memory ${share.resolved.name}`, shareStatements(share))),
  ];
}

const about = (subject: string, statements: readonly Statement[]): readonly Fact[] =>
  statements.map((statement) => ({ subject, ...statement }));

function board({ resolved: { board, target } }: PlacedSystem, sha256: Sha256): readonly Statement[] {
  const { profile, deviceTree, ram, cpus } = board;
  return [
    { what: "target", value: formatTarget(target) },
    { what: "profile", value: profile.name },
    ...Object.entries(profile.parameters).map(([name, value]) => ({ what: `parameter ${name}`, value: String(value) })),
    { what: "device tree", value: digest(deviceTree, sha256) },
    { what: "RAM", value: ram.map(formatRange).join(", ") },
    { what: "CPUs", value: cpus.map(({ label }) => label).join(", ") },
  ];
}

function hypervisor({ resolved: { hypervisor } }: PlacedSystem, sha256: Sha256): readonly Statement[] {
  const { image, bootargs, staticHeap, xsmPolicy } = hypervisor;
  return [
    { what: "image", ...file(image.file, sha256) },
    { what: "bootargs", value: JSON.stringify(bootargs) },
    ...(staticHeap.length === 0 ? [] : [{ what: "static heap", value: staticHeap.map(formatRange).join(", ") }]),
    ...(xsmPolicy ? [{ what: "XSM policy", ...file(xsmPolicy, sha256) }] : []),
  ];
}

const poolStatements = ({ cpus, scheduler, schedule }: ResolvedPool): readonly Statement[] => [
  { what: "CPUs", value: cpus.map(({ label }) => label).join(", ") },
  { what: "scheduler", value: scheduler ?? "the hypervisor's default" },
  ...(schedule === undefined ? [] : [{ what: "schedule", value: formatSchedule(schedule) }]),
];

const formatSchedule = ({ majorFrame, windows }: Schedule): string =>
  [
    `frame of ${majorFrame} µs`,
    ...windows.map(
      ({ domain, vcpu, duration }) => `${domain === undefined ? "idle" : `${domain} vCPU ${vcpu}`} ${duration} µs`,
    ),
  ].join(", ");

function domainStatements(domain: PlacedDomain, placed: PlacedSystem, sha256: Sha256): readonly Statement[] {
  const { resolved, domid } = domain;
  return [
    { what: "domid", value: String(domid) },
    { what: "kernel", ...file(resolved.kernel.file, sha256) },
    ...(resolved.ramdisk === undefined ? [] : [{ what: "ramdisk", ...file(resolved.ramdisk, sha256) }]),
    ...(resolved.bootargs === undefined ? [] : [{ what: "bootargs", value: JSON.stringify(resolved.bootargs) }]),
    ...memoryStatements(domain),
    ...cpuStatements(domain),
    ...(resolved.vpl011 ? [{ what: "console", value: "vpl011" }] : []),
    ...(resolved.enhanced === undefined
      ? []
      : [{ what: "hypercalls", value: resolved.enhanced, amount: reach[resolved.enhanced], ...right }]),
    ...optionStatements(resolved),
    ...Object.entries(resolved.onShutdown).map(([reason, action]) => ({ what: `on ${reason}`, value: action })),
    ...(resolved.passthrough?.devices ?? []).flatMap(deviceStatements),
    ...channelStatements(resolved.name, placed),
    ...linkStatements(resolved.name, placed.pv),
  ];
}

/** Each is a fact of its own; capabilities one by one, for one is no more of another. */
function optionStatements(options: DomainOptions): readonly Statement[] {
  const { capabilities = [], grants = {}, passthroughPolicy, sve, p2mMemory } = options;
  const others: Readonly<Record<string, string | number | boolean | undefined>> = {
    "shared interrupts": options.nrSpis,
    "P2M pool": p2mMemory === undefined ? undefined : formatSize(p2mMemory),
    "grant table version": grants.version,
    "grant table frames": grants.frames,
    "maptrack frames": grants.maptrackFrames,
    "traps unmapped accesses": options.trapUnmappedAccesses,
    SVE: typeof sve === "number" ? `${sve} bits` : sve,
    "cache colours": options.llcColors,
    "EL1 MSA": options.v8rMsa,
  };
  return [
    ...capabilities.map((name) => ({ what: `capability ${name}`, value: "granted", right: true }) as const),
    ...(passthroughPolicy === undefined
      ? []
      : [{ what: "passthrough policy", value: passthroughPolicy, ...(passthroughPolicy === "enabled" && right) }]),
    ...(options.sci === undefined ? [] : [{ what: "SCI", value: options.sci, ...(options.sci !== "none" && right) }]),
    ...Object.entries(others).flatMap(([what, value]) => (value === undefined ? [] : [{ what, value: String(value) }])),
  ];
}

const right = { right: true } as const;

/** XenStore is more than none. */
const reach = { "no-xenstore": 1, legacy: 2, enabled: 2 } as const;

/** Where it lies matters apart from how much it is: a bank that moved is no bank that grew. */
function memoryStatements({ resolved: { memory, directMap }, banks }: PlacedDomain): readonly Statement[] {
  const machine = banks.map((bank) => bank.machine);
  const size = memory.kind === "sized" ? memory.size : total(memory.banks);
  return [
    { what: "memory", value: formatSize(size) },
    {
      what: "memory placed",
      value: memory.kind === "sized" ? "by the hypervisor" : machine.map(formatRange).join(", "),
    },
    ...(directMap ? [{ what: "direct map", value: "the guest sees machine addresses", right: true } as const] : []),
  ];
}

function cpuStatements({ resolved }: PlacedDomain): readonly Statement[] {
  const { cpus, pool, weight, cap, rtds, vcpus } = resolved;
  const reserved = ({ budget, period }: { readonly budget: number; readonly period: number }): string =>
    `${budget} µs in each ${period} µs`;
  return [
    { what: "vCPUs", value: String(cpus) },
    { what: "pool", value: pool?.name ?? "Pool-0" },
    ...(weight === undefined ? [] : [{ what: "weight", value: String(weight) }]),
    ...(cap === undefined ? [] : [{ what: "cap", value: `${cap} % of a CPU` }]),
    ...(rtds === undefined ? [] : [{ what: "reservation", value: reserved(rtds) }]),
    ...vcpus.flatMap((vcpu, index) => [
      ...(vcpu.affinity === undefined
        ? []
        : [{ what: `vCPU ${index} affinity`, value: vcpu.affinity.map(({ label }) => label).join(", ") }]),
      ...(vcpu.rtds === undefined ? [] : [{ what: `vCPU ${index} reservation`, value: reserved(vcpu.rtds) }]),
    ]),
  ];
}

function deviceStatements({ path, node, regions, interrupts, dma }: AssignedDevice): readonly Statement[] {
  const parts = [
    ...(regions.length === 0 ? [] : [`registers ${regions.map(({ machine }) => formatRange(machine)).join(", ")}`]),
    ...(interrupts.length === 0
      ? []
      : [`interrupts ${interrupts.map(({ kind, number }) => `${kind.toUpperCase()} ${number}`).join(", ")}`]),
    ...(dma ? ["reads and writes memory by itself"] : []),
  ];
  return [{ what: `device ${path ?? node}`, value: parts.join("; "), right: true, exclusive: true }];
}

/** Each end has the channel: both can notify the other. */
const channelStatements = (name: string, { eventChannels }: PlacedSystem): readonly Statement[] =>
  eventChannels.flatMap(([a, b]) =>
    [[a, b] as const, [b, a] as const]
      .filter(([mine]) => mine.domain === name)
      .map(
        ([mine, other]) =>
          ({ what: `port ${mine.port}`, value: `to ${other.domain}, port ${other.port}`, right: true }) as const,
      ),
  );

function shareStatements({ resolved, machine, views }: PlacedShare): readonly Statement[] {
  const { size, at, owner } = resolved;
  return [
    { what: "memory", value: formatSize(size), right: true, amount: size },
    { what: "memory placed", value: at === undefined ? "by the hypervisor" : formatRange(machine) },
    ...views.flatMap(({ domain, at: { start } }): readonly Statement[] => [
      { what: `seen by ${domain}`, value: `as ${domain === owner ? "owner" : "borrower"}`, right: true },
      // Where it is seen reaches nothing more.
      { what: `seen by ${domain} from`, value: hex(start) },
    ]),
  ];
}

const total = (ranges: readonly Range<number>[]): number => ranges.reduce((sum, { size }) => sum + size, 0);

/** Its content counts, not its name: the same path may hold another kernel, and another path the same one. */
function file({ path, bytes }: InputFile, sha256: Sha256): Pick<Statement, "value" | "identity"> {
  const identity = digest(bytes, sha256);
  return { value: `${path}, ${identity}`, identity };
}

const digest = (bytes: Uint8Array, sha256: Sha256): string => `${bytes.length} bytes, SHA-256 ${sha256([bytes])}`;
