/** A number that carries its unit: two brands never mix without an explicit conversion. */
declare const unit: unique symbol;
type Unit<Name extends string> = number & { readonly [unit]: Name };

/** Machine physical address, in bytes. At most 2^52 (Arm's largest), so a double holds it exactly. */
export type PhysAddr = Unit<"PhysAddr">;
/** Guest physical address (IPA), in bytes. */
export type GuestAddr = Unit<"GuestAddr">;
/** A length in bytes. */
export type ByteSize = Unit<"ByteSize">;

export const physAddr = (value: number): PhysAddr => value as PhysAddr;
export const guestAddr = (value: number): GuestAddr => value as GuestAddr;
export const bytes = (value: number): ByteSize => value as ByteSize;

export const KiB = (count: number): ByteSize => bytes(count * 2 ** 10);
export const MiB = (count: number): ByteSize => bytes(count * 2 ** 20);
export const GiB = (count: number): ByteSize => bytes(count * 2 ** 30);

/** The smallest multiple of `align` (a power of two or not) that is not below `value`. */
export function alignUp<T extends number>(value: T, align: number): T {
  const rest = value % align;
  return (rest === 0 ? value : value - rest + align) as T;
}

export const isAligned = (value: number, align: number): boolean => value % align === 0;

/** `0x4000_0000` style is for source; output is plain `0x40000000`. */
export const hex = (value: number): string => `0x${value.toString(16)}`;

/** A size as people say it: "512 MiB", "4 KiB", "12345 bytes". */
export function formatSize(value: number): string {
  const scales = [
    [2 ** 40, "TiB"],
    [2 ** 30, "GiB"],
    [2 ** 20, "MiB"],
    [2 ** 10, "KiB"],
  ] as const;
  for (const [scale, name] of scales) if (value >= scale && value % scale === 0) return `${value / scale} ${name}`;
  return `${value} bytes`;
}

const scales = new Map([
  ["", 1],
  ["kib", 2 ** 10],
  ["mib", 2 ** 20],
  ["gib", 2 ** 30],
  ["tib", 2 ** 40],
]);

/** "512MiB", "1.5 GiB", "4096", "0x8000_0000"; undefined for what is no whole number of bytes below 2^53. */
export function parseSize(text: string): number | undefined {
  const match = /^\s*(?:(0x[0-9a-f][0-9a-f_]*)|(\d[\d_]*(?:\.\d+)?)\s*([a-z]*))\s*$/i.exec(text);
  if (match === null) return undefined;
  const [, hexadecimal, decimal = "", suffix = ""] = match;
  const scale = scales.get(suffix.toLowerCase());
  if (scale === undefined) return undefined;
  const value = Number((hexadecimal ?? decimal).replaceAll("_", "")) * scale;
  return Number.isSafeInteger(value) ? value : undefined;
}
