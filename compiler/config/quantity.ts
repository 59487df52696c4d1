import { z } from "zod";
import { bytes, parseSize, physAddr } from "../base/units.ts";
import { ranges } from "./ranges.ts";

/** Arm's largest physical address (FEAT_LPA), and far below 2^53: sums of two stay exact. */
const addressLimit = 2 ** 52;

type Unit = "size" | "address";
const types: readonly string[] = ["number", "bigint", "string"];

export const isQuantity = (value: unknown): boolean => types.includes(typeof value);

/** Refused values carry `params.quantity`, which the issue mapper turns into words. */
const quantity = (unit: Unit, least: number) =>
  z.custom<number | bigint | string>(isQuantity, { params: { quantity: unit } }).transform((input, context): number => {
    const value = toBytes(input);
    if (value !== undefined && value >= least && value <= addressLimit) return value;
    context.addIssue({ code: "custom", params: { quantity: unit, refused: true }, input });
    return z.NEVER;
  });

function toBytes(input: number | bigint | string): number | undefined {
  if (typeof input === "string") return parseSize(input);
  const value = Number(input);
  return Number.isSafeInteger(value) ? value : undefined;
}

export const size = quantity("size", 1).transform((value) => bytes(value));
export const address = quantity("address", 0).transform((value) => physAddr(value));

/** A plain number of the range that its field has. */
export const whole = (field: keyof typeof ranges) => z.int().min(ranges[field][0]).max(ranges[field][1]);

/** For a number that is to be a multiple of `step`; a refused value says so. */
export const multipleOf = (step: number, text: string) =>
  [(value: number) => value % step === 0, { params: { step: text, refused: true } }] as const;
