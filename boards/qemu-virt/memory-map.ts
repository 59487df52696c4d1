import { GiB, MiB, alignUp } from "../../compiler/index.ts";

/** Start of RAM; it grows upwards without a hole. */
export const ramStart = GiB(1);

/** Above 256 GiB, or above the RAM if that reaches further, each region begins at a multiple of its own size. */
export interface HighRegions {
  readonly ecam: { readonly start: number; readonly size: number };
  /** The 64-bit PCI window; left out where the CPU's addresses do not reach its end. */
  readonly pciWindow?: { readonly start: number; readonly size: number };
}

/** Undefined where not even the RAM and the ECAM fit below 2^`addressBits`. */
export function highRegions(memory: number, addressBits: number): HighRegions | undefined {
  const limit = 2 ** addressBits;
  const base = Math.max(GiB(256), alignUp(ramStart + memory, GiB(1)));
  // A second redistributor region comes first, used from the 124th CPU on.
  const redistributors = { start: alignUp(base, MiB(64)), size: MiB(64) };
  const ecam = { start: alignUp(redistributors.start + redistributors.size, MiB(256)), size: MiB(256) };
  if (ecam.start + ecam.size > limit) return undefined;
  const pciWindow = { start: alignUp(ecam.start + ecam.size, GiB(512)), size: GiB(512) };
  return pciWindow.start + pciWindow.size > limit ? { ecam } : { ecam, pciWindow };
}
