/** Bytes as a number, or as text: "512MiB", "64 KiB", "4096". */
export type SizeInput = number | bigint | string;
/** A machine address: a number up to 2^52, a bigint, or text: "0x8000_0000". */
export type AddressInput = number | bigint | string;
