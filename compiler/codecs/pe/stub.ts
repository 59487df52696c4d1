import { recordFormat } from "../../base/record.ts";

/** "XIEFI", version 1 in the last byte. */
const magic = Uint8Array.from([0x58, 0x49, 0x45, 0x46, 0x49, 0, 0, 1]);

/** The first bytes of the EFI stub, which are code's: hypervisor/efi/plan.h, struct efi_stub_header. */
export const stubHeader = recordFormat(64, {
  magic: { at: 0, type: "bytes", length: 8 },
  version: { at: 8, type: "u32" },
  header_size: { at: 12, type: "u32" },
  entry: { at: 16, type: "u32" },
  text_size: { at: 20, type: "u32" },
  rodata_offset: { at: 24, type: "u32" },
  rodata_size: { at: 28, type: "u32" },
  /** Zero in the stub's own file, as what follows. */
  image_size: { at: 32, type: "u64" },
  plan_offset: { at: 40, type: "u64" },
  plan_size: { at: 48, type: "u64" },
  reserved: { at: 56, type: "u64" },
});
export type StubHeader = NonNullable<ReturnType<typeof stubHeader.decode>>;

/** The header at the start of these bytes; undefined where it is not a stub's that this version knows. */
export function readStubHeader(bytes: Uint8Array): StubHeader | undefined {
  const header = stubHeader.decode(bytes, 0);
  const known =
    header?.version === 1 &&
    header.header_size === stubHeader.size &&
    header.reserved === 0 &&
    header.magic.every((byte, index) => byte === magic[index]);
  return known ? header : undefined;
}

export interface Stub {
  readonly header: StubHeader;
  readonly text: Uint8Array;
  readonly rodata: Uint8Array;
}

/** The stub as `make -C hypervisor` leaves it; undefined for any other file. */
export function readStub(file: Uint8Array): Stub | undefined {
  const header = readStubHeader(file);
  if (header === undefined) return undefined;
  const { entry, text_size, rodata_offset, rodata_size, image_size } = header;
  const inOrder = entry < text_size && text_size <= rodata_offset && rodata_size > 0;
  if (!inOrder || rodata_offset + rodata_size !== file.length || image_size !== 0) return undefined;
  return { header, text: file.subarray(0, text_size), rodata: file.subarray(rodata_offset) };
}
