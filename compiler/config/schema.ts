import { z } from "zod";
import { signatureKinds } from "../ir/board.ts";
import { schedulers, shutdownActions } from "./input.ts";
import { address, size, whole } from "./quantity.ts";
import { domainOptions } from "./schema-options.ts";
import { pvLink } from "./schema-pv.ts";
import { filled, text } from "./text.ts";

/** Becomes a device tree node and a folder (Devicetree Specification 0.4, 2.2.1, without the comma). */
const name = z.string().regex(/^[A-Za-z][\w.+-]*$/);
/** On the console, the hypervisor's own lines have this speaker. */
const domainName = name.refine((text) => text !== "hypervisor");

export const region = z.strictObject({ at: address, size }).transform(({ at, size }) => ({ start: at, size }));

/** As regions, but kept as the user wrote them. */
const stretch = z.strictObject({ at: address, size });
const stretches = z.array(stretch).min(1);

/** Each stands for one thing, so that nothing else can be meant by it. */
const labels = z
  .array(filled)
  .min(1)
  .superRefine((all, context) => {
    const seen = new Set<string>();
    for (const [index, label] of all.entries()) {
      if (seen.has(label)) context.addIssue({ code: "custom", path: [index], params: { twice: "CPU" }, input: label });
      seen.add(label);
    }
  });

const firmware = z.strictObject({
  memory: stretches.optional(),
  reserved: stretches.optional(),
  psci: z.enum(["smc", "hvc"]).optional(),
});

export const board = z.strictObject({
  name: filled,
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  cpus: labels,
  devices: z.array(filled).optional(),
  deviceTree: z.union([filled, z.instanceof(Uint8Array)]),
  compatible: z.array(filled).min(1).optional(),
  firmware: firmware.optional(),
  loadAddress: address,
  signatures: z.array(z.enum(signatureKinds)).optional(),
  uefiHolds: z.array(stretch).optional(),
  emulator: z
    .strictObject({ program: z.literal("qemu-system-aarch64"), args: z.array(z.string()), kernelAddress: address })
    .optional(),
});

export const hypervisor = z.strictObject({
  bootargs: text.default("console=dtuart"),
  heap: z
    .union([region, z.array(region)])
    .default([])
    .transform((heap) => (Array.isArray(heap) ? heap : [heap])),
  xsmPolicy: filled.optional(),
});

const reservation = z.strictObject({ budget: whole("budget").default(4000), period: whole("period").default(10_000) });

const window = z.strictObject({
  domain: filled.optional(),
  vcpu: whole("vcpu").default(0),
  duration: whole("duration"),
});

const schedule = z.strictObject({
  majorFrame: whole("majorFrame").optional(),
  windows: z.array(window).min(1).max(64),
});

const vcpu = z.strictObject({ affinity: z.array(filled).min(1).optional(), rtds: reservation.optional() });

export const pool = z.strictObject({
  cpus: z.union([z.array(z.string()).min(1), filled]),
  scheduler: z.enum(schedulers).optional(),
  schedule: schedule.optional(),
});

const shutdownAction = z.enum(shutdownActions);

export const domain = z.strictObject({
  kernel: filled,
  ramdisk: filled.optional(),
  // Blanks alone say nothing, and do not come through other tools' files.
  bootargs: text.transform((words) => (words.trim() === "" ? undefined : words)).optional(),
  cpus: whole("cpus").default(1),
  memory: z.union([size, z.array(region).min(1)]),
  directMap: z.boolean().default(false),
  console: z.enum(["vpl011", "none"]).default("vpl011"),
  enhanced: z.union([z.boolean(), z.enum(["no-xenstore", "legacy"])]).default(false),
  pool: z.string().optional(),
  weight: whole("weight").optional(),
  cap: whole("cap").optional(),
  passthrough: z.union([filled, z.array(filled).min(1)]).optional(),
  rtds: reservation.optional(),
  vcpus: z.array(vcpu).default([]),
  onPoweroff: shutdownAction.optional(),
  onReboot: shutdownAction.optional(),
  onCrash: shutdownAction.optional(),
  onWatchdog: shutdownAction.optional(),
  ...domainOptions,
});

const port = z.union([
  filled.transform((domain) => ({ domain })),
  z.tuple([filled, whole("port")]).transform(([domain, number]) => ({ domain, port: number })),
]);

export const eventChannel = z.strictObject({ from: port, to: port }).transform(({ from, to }) => [from, to] as const);

export const sharedMemory = z.strictObject({
  size,
  at: address.optional(),
  guestAt: z
    .union([address, z.record(filled, address).transform((views) => new Map<string, number>(Object.entries(views)))])
    .optional(),
  owner: filled.optional(),
  borrowers: z.array(filled).min(1),
});

export const system = z.strictObject({
  board,
  rollbackIndex: whole("rollbackIndex").default(0),
  hypervisor: hypervisor.default(() => hypervisor.parse({})),
  cpupools: z.record(name, pool).default({}),
  domains: z
    .record(domainName, domain)
    .refine((domains) => Object.keys(domains).length > 0, { params: { empty: "domain" } }),
  sharedMemory: z.record(name, sharedMemory).default({}),
  eventChannels: z.array(eventChannel).default([]),
  pv: z.array(pvLink).default([]),
});
