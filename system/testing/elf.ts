/** What a 64-bit little-endian ELF file holds (System V gABI, chapter 4 and 5): symbols, and code as words. */
export interface Elf {
  readonly symbols: ReadonlyMap<string, number>;
  /** Every instruction of the executable segments. */
  readonly code: readonly number[];
  /** `count` words at a virtual address. */
  readonly wordsAt: (address: number, count: number) => number[];
}

interface Segment {
  readonly executable: boolean;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

const symbolTable = 2;
const loaded = 1;

export function readElf(file: Buffer): Elf {
  const segments = entries(file, 32, 54).map((at): Segment & { readonly type: number } => ({
    type: file.readUInt32LE(at),
    executable: (file.readUInt32LE(at + 4) & 1) !== 0,
    offset: Number(file.readBigUInt64LE(at + 8)),
    address: Number(file.readBigUInt64LE(at + 16)),
    size: Number(file.readBigUInt64LE(at + 32)),
  }));
  const words = ({ offset, size }: Segment): number[] =>
    Array.from({ length: Math.floor(size / 4) }, (_, index) => file.readUInt32LE(offset + index * 4));
  return {
    symbols: readSymbols(file),
    code: segments.filter(({ type, executable }) => type === loaded && executable).flatMap(words),
    wordsAt: (address, count) => {
      const segment = segments.find((one) => address >= one.address && address + count * 4 <= one.address + one.size);
      if (segment === undefined) throw new Error(`nothing is loaded at 0x${address.toString(16)}`);
      return words({ ...segment, offset: segment.offset + address - segment.address, size: count * 4 });
    },
  };
}

/** Where the entries of the program or section headers begin: table offset at `offsetAt`, size and number of entries. */
function entries(file: Buffer, offsetAt: number, sizeAt: number): number[] {
  const table = Number(file.readBigUInt64LE(offsetAt));
  const size = file.readUInt16LE(sizeAt);
  return Array.from({ length: file.readUInt16LE(sizeAt + 2) }, (_, index) => table + index * size);
}

function readSymbols(file: Buffer): Map<string, number> {
  const sections = entries(file, 40, 58);
  const offsetOf = (section: number): number => Number(file.readBigUInt64LE(section + 24));
  const symbols = new Map<string, number>();
  for (const section of sections.filter((at) => file.readUInt32LE(at + 4) === symbolTable)) {
    const strings = offsetOf(sections[file.readUInt32LE(section + 40)] ?? 0);
    const size = Number(file.readBigUInt64LE(section + 32));
    for (let at = offsetOf(section); at < offsetOf(section) + size; at += 24) {
      const name = strings + file.readUInt32LE(at);
      symbols.set(file.toString("latin1", name, file.indexOf(0, name)), Number(file.readBigUInt64LE(at + 8)));
    }
  }
  return symbols;
}
