import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import { capabilities, msaModels, passthroughPolicies, sciTypes } from "../ir/domain-options.ts";
import { blockModes, pvKinds } from "../ir/pv.ts";
import { schedulers, shutdownActions } from "./input.ts";

/** One kind of object in a configuration, in words: what it is called, and what each field is. */
export interface Kind {
  readonly fields: Readonly<Record<string, string>>;
  /** Keys are names that the user chooses; `fields` has one entry for all, "*". */
  readonly open?: true;
}

const region: Kind = { fields: { at: "an address, such as 0x8000_0000", size: "a size, such as MiB(64)" } };
const oneOf = (choices: readonly string[]): string => choices.map((choice) => `"${choice}"`).join(", ");

const ends = {
  kind: `one of ${oneOf(pvKinds)}`,
  backend: "the name of a domain in quotes",
  frontend: "the name of a domain in quotes",
};

export const kinds = {
  system: {
    fields: {
      board: "a board, such as qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) })",
      rollbackIndex: "a whole number from 0 to 4294967295",
      hypervisor: "an object { bootargs, heap, xsmPolicy }",
      cpupools: 'an object of pools, such as { fast: { cpus: ["cpu1"] } }',
      domains: 'an object of domains, such as { ui: { kernel: "Image", memory: MiB(512) } }',
      sharedMemory: 'an object of memory, such as { frames: { size: MiB(2), owner: "ui", borrowers: ["control"] } }',
      eventChannels: 'a list of channels, such as [{ from: "ui", to: ["control", 11] }]',
      pv: 'a list of links, such as [{ kind: "net", backend: "control", frontend: "ui" }]',
    },
  },
  board: {
    fields: {
      name: "the board's name in quotes",
      parameters: "an object of text, numbers and booleans",
      cpus: 'a list of labels, such as ["cpu0", "cpu1"]',
      devices: 'a list of names, such as ["rtc", "uart1"]',
      deviceTree: "the path of a device tree blob, or its bytes",
      compatible: 'a list of compatibles, such as ["xlnx,zynqmp-zcu102"]',
      firmware: "an object { memory, reserved, psci }",
      loadAddress: "an address, such as 0x4020_0000",
      signatures: 'a list of "rsa-pkcs1", "rsa-pss", "ecdsa"',
      uefiHolds: "a list of regions [{ at: 0x4400_0000, size: MiB(64) }]",
      emulator: "an object { program, args, kernelAddress }",
    },
  },
  firmware: {
    fields: {
      memory: "a list of regions [{ at: 0, size: GiB(1) }]",
      reserved: "a list of regions [{ at: 0, size: MiB(1) }]",
      psci: '"smc" or "hvc"',
    },
  },
  emulator: {
    fields: {
      program: '"qemu-system-aarch64"',
      args: "a list of arguments in quotes",
      kernelAddress: "an address, such as 0x4020_0000",
    },
  },
  hypervisor: {
    fields: {
      bootargs: "text in quotes",
      heap: "a region { at: 0x7000_0000, size: MiB(128) }, or a list of them",
      xsmPolicy: "a path in quotes",
    },
  },
  pools: { open: true, fields: { "*": "an object { cpus, scheduler }" } },
  schedule: {
    fields: {
      majorFrame: "whole µs",
      windows: 'a list of 1 to 64 windows, such as [{ domain: "ui", duration: 5000 }]',
    },
  },
  window: {
    fields: { domain: "the name of a domain in quotes", vcpu: "the number of a vCPU, from 0", duration: "whole µs" },
  },
  reservation: { fields: { budget: "whole µs", period: "whole µs" } },
  vcpu: {
    fields: { affinity: 'a list of CPU labels, such as ["cpu1"]', rtds: "an object { budget: 4000, period: 10_000 }" },
  },
  pool: {
    fields: {
      cpus: 'a list of CPU labels, such as ["cpu0", "cpu1"], or "cluster0"',
      scheduler: `one of ${oneOf(schedulers)}`,
      schedule: "an object { majorFrame, windows }",
    },
  },
  domains: { open: true, fields: { "*": "an object { kernel, memory, … }" } },
  domain: {
    fields: {
      kernel: "the path of a kernel in quotes",
      ramdisk: "the path of a ramdisk in quotes",
      bootargs: "text in quotes",
      cpus: "a whole number of virtual CPUs",
      memory: "a size such as MiB(512), or banks [{ at: 0x8000_0000, size: MiB(64) }]",
      directMap: "true or false",
      console: '"vpl011" or "none"',
      enhanced: 'true, false, "no-xenstore" or "legacy"',
      pool: "the name of a pool in quotes",
      weight: "a whole number, such as 256",
      cap: "a whole number, such as 50: percent of one CPU",
      passthrough: 'a list of devices, such as ["pl031@9010000"], or the path of a partial device tree',
      rtds: "an object { budget: 4000, period: 10_000 }",
      vcpus: 'a list of vCPUs, such as [{ affinity: ["cpu1"] }]',
      onPoweroff: `one of ${oneOf(shutdownActions)}`,
      onReboot: `one of ${oneOf(shutdownActions)}`,
      onCrash: `one of ${oneOf(shutdownActions)}`,
      onWatchdog: `one of ${oneOf(shutdownActions)}`,
      nrSpis: "a whole number of interrupts, such as 64",
      p2mMemory: "a size in whole MiB, such as MiB(4)",
      grants: "an object { version, frames, maptrackFrames }",
      trapUnmappedAccesses: "true or false",
      capabilities: `a list of ${oneOf(capabilities)}`,
      passthroughPolicy: `one of ${oneOf(passthroughPolicies)}`,
      sve: "true, false or a number of bits, such as 256",
      llcColors: 'colours in ascending order, such as "0-3,8"',
      sci: `one of ${oneOf(sciTypes)}`,
      v8rMsa: `one of ${oneOf(msaModels)}`,
    },
  },
  grants: {
    fields: { version: "1 or 2", frames: "a whole number of pages", maptrackFrames: "a whole number of pages" },
  },
  sharedMemories: { open: true, fields: { "*": "an object { size, borrowers, … }" } },
  sharedMemory: {
    fields: {
      size: "a size, such as MiB(2)",
      at: "a machine address, such as 0x7000_0000",
      guestAt: "an address in the guests, such as 0x3300_0000, or one for each, such as { ui: 0x3300_0000 }",
      owner: "the name of a domain in quotes",
      borrowers: 'a list of domains, such as ["ui"]',
    },
  },
  views: { open: true, fields: { "*": "an address in this guest, such as 0x3300_0000" } },
  eventChannel: {
    fields: { from: 'a domain, as in "ui" or ["ui", 10]', to: 'a domain, as in "control" or ["control", 11]' },
  },
  port: { fields: { 0: "the name of a domain in quotes", 1: "a port from 1 to 1023" } },
  net: {
    fields: { ...ends, mac: 'six octets, such as "00:16:3e:00:00:01"', bridge: 'the name of a bridge, such as "br0"' },
  },
  block: {
    fields: {
      ...ends,
      device: 'a path in the backend, such as "/dev/vda"',
      name: 'a name in the frontend, such as "xvda"',
      mode: `one of ${oneOf(blockModes)}`,
    },
  },
  console: { fields: ends },
  "9pfs": { fields: { ...ends, path: "a path in the backend, in quotes", tag: "a name in quotes" } },
  region,
} as const satisfies Record<string, Kind>;

/** The object that `path` leads to: what it is, and how messages call it. `found` is what stands there, if known. */
export function objectAt(path: ConfigPath, found?: unknown): { readonly kind: Kind; readonly name: string } {
  const [first, second, third] = path;
  if (first === "board") return boardObjectAt(second, third);
  if (first === "hypervisor") return second === undefined ? hypervisor : { kind: region, name: "a heap region" };
  const inner = path.length > 2 ? within(path) : undefined;
  if (inner) return inner;
  if (first === "cpupools") return inMap(path, kinds.pools, kinds.pool, "pool");
  if (first === "domains" && third === "memory") return { kind: region, name: `a memory bank of "${String(second)}"` };
  if (first === "domains") return inMap(path, kinds.domains, kinds.domain, "domain");
  if (first === "sharedMemory" && third === "guestAt")
    return { kind: kinds.views, name: `guestAt of "${String(second)}"` };
  if (first === "sharedMemory") return inMap(path, kinds.sharedMemories, kinds.sharedMemory, "shared memory");
  if (first === "eventChannels" && second !== undefined)
    return { kind: third === undefined ? kinds.eventChannel : kinds.port, name: `event channel ${String(second)}` };
  if (first === "pv" && second !== undefined) return { kind: linkOf(found), name: `PV link ${String(second)}` };
  return { kind: kinds.system, name: "the configuration" };
}

/** A link of the kind that it says it is, else of one with every field. */
function linkOf(found: unknown): Kind {
  const said: unknown = typeof found === "object" && found !== null && "kind" in found ? found.kind : undefined;
  const kind = pvKinds.find((each) => each === said);
  return kind ? kinds[kind] : anyLink;
}

const anyLink: Kind = { fields: Object.assign({}, ...pvKinds.map((kind) => kinds[kind].fields)) as Kind["fields"] };

/** Objects within a pool or a domain. */
function within(path: ConfigPath): { readonly kind: Kind; readonly name: string } | undefined {
  const [first, second, third, fourth] = path;
  const of = `"${String(second)}"`;
  if (first === "cpupools" && third === "schedule")
    return path.length > 4
      ? { kind: kinds.window, name: `a window of pool ${of}` }
      : { kind: kinds.schedule, name: `the schedule of pool ${of}` };
  if (first === "domains" && third === "grants") return { kind: kinds.grants, name: `grants of ${of}` };
  if (first !== "domains" || (third !== "rtds" && third !== "vcpus")) return undefined;
  if (path.at(-1) === "rtds") return { kind: kinds.reservation, name: `rtds of ${of}` };
  return path.length > 3 ? { kind: kinds.vcpu, name: `vCPU ${String(fourth)} of ${of}` } : undefined;
}

function boardObjectAt(second: ConfigPath[number] | undefined, third: ConfigPath[number] | undefined) {
  if (second === "firmware")
    return third === undefined ? firmware : { kind: region, name: `a region of the firmware's ${String(third)}` };
  return third === undefined && second === "emulator" ? emulator : board;
}

const board = { kind: kinds.board, name: "the board" };
const firmware = { kind: kinds.firmware, name: "the board's firmware" };
const emulator = { kind: kinds.emulator, name: "the board's emulator" };
const hypervisor = { kind: kinds.hypervisor, name: "the hypervisor" };

const inMap = (path: ConfigPath, map: Kind, item: Kind, noun: string) =>
  path.length < 2 ? { kind: map, name: `${noun}s` } : { kind: item, name: `${noun} "${String(path[1])}"` };

/** What should stand at `path`, in words. */
export function expectedAt(path: ConfigPath): string {
  if (path.length === 0) return "an object: defineSystem({ board, domains })";
  const key = path.at(-1);
  const { kind } = objectAt(path.slice(0, -1));
  if (typeof key === "number" && kind === kinds.port) return key === 0 ? kinds.port.fields[0] : kinds.port.fields[1];
  if (path[0] === "eventChannels" && path.length === 2) return "a channel { from, to }";
  if (path[0] === "pv" && path.length === 2) return "a link { kind, backend, frontend, … }";
  if (path.at(-2) === "vcpus") return "an object { affinity, rtds }";
  if (path.at(-2) === "windows") return "an object { domain, vcpu, duration }";
  if (typeof key === "number") return kind === region ? "a region { at, size }" : "text in quotes";
  return kind.fields[kind.open === true ? "*" : (key ?? "")] ?? "text, a number or a boolean";
}
