import { recordFormat } from "../../base/record.ts";

/** Microsoft's "PE Format" names the fields; the UEFI specification says what of it firmware loads. */
export const dosMagic = 0x5a4d;
export const peSignature = 0x0000_4550;

/** The MS-DOS header, as far as PE uses it: "MZ", and where the PE signature is. */
export const dosHeader = recordFormat(64, { magic: { at: 0, type: "u16" }, peOffset: { at: 60, type: "u32" } });

/** The signature, then the COFF file header. */
export const coffHeader = recordFormat(24, {
  signature: { at: 0, type: "u32" },
  machine: { at: 4, type: "u16" },
  numberOfSections: { at: 6, type: "u16" },
  timeDateStamp: { at: 8, type: "u32" },
  pointerToSymbolTable: { at: 12, type: "u32" },
  numberOfSymbols: { at: 16, type: "u32" },
  sizeOfOptionalHeader: { at: 20, type: "u16" },
  characteristics: { at: 22, type: "u16" },
});

/** PE32+ without its data directories. */
export const optionalHeader = recordFormat(112, {
  magic: { at: 0, type: "u16" },
  linkerVersion: { at: 2, type: "u16" },
  sizeOfCode: { at: 4, type: "u32" },
  sizeOfInitializedData: { at: 8, type: "u32" },
  sizeOfUninitializedData: { at: 12, type: "u32" },
  addressOfEntryPoint: { at: 16, type: "u32" },
  baseOfCode: { at: 20, type: "u32" },
  imageBase: { at: 24, type: "u64" },
  sectionAlignment: { at: 32, type: "u32" },
  fileAlignment: { at: 36, type: "u32" },
  operatingSystemVersion: { at: 40, type: "u32" },
  imageVersion: { at: 44, type: "u32" },
  subsystemVersion: { at: 48, type: "u32" },
  win32VersionValue: { at: 52, type: "u32" },
  sizeOfImage: { at: 56, type: "u32" },
  sizeOfHeaders: { at: 60, type: "u32" },
  checkSum: { at: 64, type: "u32" },
  subsystem: { at: 68, type: "u16" },
  dllCharacteristics: { at: 70, type: "u16" },
  sizeOfStackReserve: { at: 72, type: "u64" },
  sizeOfStackCommit: { at: 80, type: "u64" },
  sizeOfHeapReserve: { at: 88, type: "u64" },
  sizeOfHeapCommit: { at: 96, type: "u64" },
  loaderFlags: { at: 104, type: "u32" },
  numberOfRvaAndSizes: { at: 108, type: "u32" },
});

/** Sizes are bytes; `address` is relative to the image's base, but for the certificates', which is a file offset. */
export const dataDirectory = recordFormat(8, { address: { at: 0, type: "u32" }, size: { at: 4, type: "u32" } });

export const sectionHeader = recordFormat(40, {
  name: { at: 0, type: "bytes", length: 8 },
  virtualSize: { at: 8, type: "u32" },
  virtualAddress: { at: 12, type: "u32" },
  sizeOfRawData: { at: 16, type: "u32" },
  pointerToRawData: { at: 20, type: "u32" },
  pointerToRelocations: { at: 24, type: "u32" },
  pointerToLinenumbers: { at: 28, type: "u32" },
  numberOfRelocations: { at: 32, type: "u16" },
  numberOfLinenumbers: { at: 34, type: "u16" },
  characteristics: { at: 36, type: "u32" },
});

export const machineArm64 = 0xaa64;
export const pe32Plus = 0x20b;
export const efiApplication = 10;
/** Of the data directories: where the Attribute Certificate Table is. */
export const certificateDirectory = 4;
/** The number of directories that the format knows. */
export const dataDirectories = 16;

/** COFF file header, Characteristics. */
export const fileIs = { executable: 0x0002, largeAddressAware: 0x0020, withoutRelocations: 0x0001 } as const;
/** Optional header, DllCharacteristics: no page of it has to be writable and executable. */
export const nxCompatible = 0x0100;
/** Section header, Characteristics. */
export const sectionIs = {
  code: 0x20,
  initializedData: 0x40,
  executable: 0x2000_0000,
  readable: 0x4000_0000,
  writable: 0x8000_0000,
} as const;
