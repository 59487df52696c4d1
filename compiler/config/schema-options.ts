import { z } from "zod";
import { MiB } from "../base/units.ts";
import { capabilities, msaModels, passthroughPolicies, sciTypes } from "../ir/domain-options.ts";
import { multipleOf, size, whole } from "./quantity.ts";

const grants = z.strictObject({
  version: z.literal([1, 2]).optional(),
  frames: whole("frames").optional(),
  maptrackFrames: whole("maptrackFrames").optional(),
});

/** Longest vectors are multiples of 128 bits up to 2048 (Arm ARM (DDI 0487), ZCR_EL2.LEN). */
const sve = z
  .union([z.boolean(), whole("sve").refine(...multipleOf(128, "128"))])
  .transform((value) => (value === true ? ("max" as const) : value === false ? 0 : value));

/** As docs/misc/cache-coloring.rst writes colours: numbers and ranges, no blanks. */
const llcColors = z
  .string()
  .refine((text) => /^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$/.test(text), { params: { colors: true } });

/** Fields of a domain that become a property of its node and nothing else. */
export const domainOptions = {
  nrSpis: whole("nrSpis").optional(),
  p2mMemory: size.refine(...multipleOf(MiB(1), "1 MiB")).optional(),
  grants: grants.optional(),
  trapUnmappedAccesses: z.boolean().optional(),
  capabilities: z.array(z.enum(capabilities)).optional(),
  passthroughPolicy: z.enum(passthroughPolicies).optional(),
  sve: sve.optional(),
  llcColors: llcColors.optional(),
  sci: z.enum(sciTypes).optional(),
  v8rMsa: z.enum(msaModels).optional(),
} as const;
