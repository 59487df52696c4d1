import { z } from "zod";
import { blockModes } from "../ir/pv.ts";
import { filled } from "./text.ts";

/** Six octets. The lowest bit of the first says a group of stations (IEEE 802): none has such an address, nor zeros alone. */
const mac = z
  .string()
  .refine((text) => /^(?!00(:00){5}$)[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i.test(text), { params: { mac: true } })
  .transform((text) => text.toLowerCase());

const ends = { backend: filled, frontend: filled } as const;

/** As Linux names interfaces: 15 bytes. A comma would begin another option of xl's (xl-network-configuration(5)). */
const bridge = z.string().refine((text) => /^(?!\.{1,2}$)[\w.+@-]{1,15}$/.test(text));

const net = z.strictObject({ kind: z.literal("net"), ...ends, mac: mac.optional(), bridge: bridge.optional() });

const block = z.strictObject({
  kind: z.literal("block"),
  ...ends,
  device: filled,
  name: filled.optional(),
  mode: z.enum(blockModes).default("w"),
});

const console = z.strictObject({ kind: z.literal("console"), ...ends });

const ninep = z.strictObject({ kind: z.literal("9pfs"), ...ends, path: filled, tag: filled });

export const pvLinks = { net, block, console, "9pfs": ninep } as const;

export const pvLink = z.discriminatedUnion("kind", [net, block, console, ninep]);
