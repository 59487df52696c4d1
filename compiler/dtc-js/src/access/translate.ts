import { getProperty, type Located } from "../find.ts";
import { readString } from "../read.ts";
import { failed, found, type Access } from "./answer.ts";
import { addressCells } from "./cells.ts";
import { readRanges, type Range, type RangesName } from "./ranges.ts";
import { readReg, type RegEntry } from "./reg.ts";

export interface Stretch {
  readonly address: bigint;
  /** In bytes. */
  readonly size: bigint;
}

/**
 * Where a stretch of the bus that `at` stands on lies for a processor: through the `ranges` of each bus up to the root.
 * With `dma-ranges`, where a device on that bus reaches in memory. The whole stretch has to lie in one window.
 * Errors: `unmapped`, `overflow`, and those of `readRanges`.
 */
export function translate(at: Located, stretch: Stretch, name: RangesName = "ranges"): Access<bigint> {
  let { address } = stretch;
  // The root's own children stand on the processor's bus.
  for (let bus = at.parent; bus?.parent; bus = bus.parent) {
    const ranges = readRanges(bus, name);
    if (!ranges.ok) return ranges;
    const above = through(bus, bus.parent, name, ranges.value, { address, size: stretch.size });
    if (!above.ok) return above;
    address = above.value;
  }
  return found(address);
}

/** Each entry of `reg` as a processor sees it. Errors: those of `readReg` and `translate`. */
export function translateReg(at: Located): Access<readonly RegEntry[]> {
  const reg = readReg(at);
  if (!reg.ok) return reg;
  const entries: RegEntry[] = [];
  for (const entry of reg.value) {
    const address = translate(at, entry);
    if (!address.ok) return address;
    entries.push({ ...entry, address: address.value });
  }
  return found(entries);
}

function through(
  bus: Located,
  above: Located,
  name: RangesName,
  ranges: readonly Range[] | undefined,
  { address, size }: Stretch,
): Access<bigint> {
  if (!ranges) return failed("unmapped", bus, name, 0, `the bus has no ${name}`);
  if (ranges.length === 0) return found(address);
  const spaced = isPci(bus);
  const wanted = spaced ? pciSpace(address) : { space: 0n, low: address };
  for (const range of ranges) {
    const window = spaced ? pciSpace(range.child) : { space: 0n, low: range.child };
    if (window.space !== wanted.space) continue;
    const into = wanted.low - window.low;
    if (into < 0n || into + size > range.size || into >= range.size) continue;
    const cells = addressCells(above);
    if (!cells.ok) return cells;
    const moved = range.parent + into;
    // An end behind the last address wraps, which nothing that decodes addresses does.
    if ((moved + (size > 0n ? size - 1n : 0n)) >> BigInt(cells.value * 32) > 0n) {
      return failed("overflow", bus, name, range.offset, `0x${moved.toString(16)} is beyond the bus above`);
    }
    return found(moved);
  }
  return failed("unmapped", bus, name, 0, `no window of ${name} holds 0x${address.toString(16)}`);
}

const isPci = ({ node }: Located): boolean => {
  const type = getProperty(node, "device_type");
  return type !== undefined && readString(type.value) === "pci";
};

/**
 * PCI Bus Binding to IEEE 1275, 2.2.1.1: bits 25 and 24 of the first of three cells say which space an address is in;
 * the others say whose it is, and how it may be read. Memory is one space, however wide the address.
 */
function pciSpace(address: bigint): { readonly space: bigint; readonly low: bigint } {
  const space = (address >> 88n) & 3n;
  return { space: space === 3n ? 2n : space, low: BigInt.asUintN(64, address) };
}
