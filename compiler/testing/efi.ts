import { encode } from "dtc-js";
import type { Stub } from "../codecs/pe/stub.ts";
import { readStub } from "../codecs/pe/stub.ts";
import { lower } from "../lower/lower.ts";
import { packEfi } from "../pack/pe/efi.ts";
import { joinPieces } from "./outputs.ts";
import { placedSystem } from "./system.ts";

/** An EFI stub (hypervisor/efi/plan.h, struct efi_stub_header) of 100 bytes of code and 40 of constants. */
export function stubFile(): Uint8Array {
  const bytes = new Uint8Array(4096 + 40).fill(0x5a, 64, 100).fill(0xa5, 4096);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("XIEFI\0\0\x01"));
  for (const [index, value] of [1, 64, 64, 100, 4096, 40].entries()) view.setUint32(8 + index * 4, value, true);
  return bytes;
}

export function stub(): Stub {
  const read = readStub(stubFile());
  if (read === undefined) throw new Error("the stub of the tests");
  return read;
}

export const efiPlan = lower(await placedSystem());
export const efiTree = encode(efiPlan.systemTree);
/** image.efi of a system with two domains, as PACK leaves it. A Buffer's slice() would not copy. */
export const efiImage = (): Uint8Array => Uint8Array.from(joinPieces(packEfi(efiPlan, efiTree, stub())));
