import { z } from "zod";
import { blockModes, bridgeName, stationAddress } from "../ir/pv.ts";
import { filled } from "./text.ts";

const mac = z
  .string()
  .refine((text) => stationAddress.test(text), { params: { mac: true } })
  .transform((text) => text.toLowerCase());

const ends = { backend: filled, frontend: filled } as const;

const bridge = z.string().refine((text) => bridgeName.test(text));

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
