/**
 * Bits of a physical address by `compatible` (ID_AA64MMFR0_EL1.PARange in each core's Technical Reference Manual). A
 * Cortex-A57 has 44, but QEMU gives its name to the model "max" as well, which has 52.
 */
const addressBits: Readonly<Record<string, number>> = {
  "arm,cortex-a35": 40,
  "arm,cortex-a53": 40,
  "arm,cortex-a55": 40,
  "arm,cortex-a72": 44,
  "arm,cortex-a73": 40,
  "arm,cortex-a76": 40,
  "arm,neoverse-n1": 48,
};

/** Undefined for a core that is not known. */
export const addressBitsOf = (compatible: readonly string[]): number | undefined =>
  compatible.map((name) => addressBits[name]).find((bits) => bits !== undefined);
