import type { Range } from "../../base/ranges.ts";
import { formatRange } from "../../base/ranges.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import { hex } from "../../base/units.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Sha256 } from "../../ir/host.ts";

/** What is read of an image.bin: PACK's RawImage, as far as its table goes. */
export interface TabledImage {
  readonly deviceTree: Range<number>;
  readonly modules: readonly { readonly path: string; readonly at: Range<number> }[];
  readonly table: Range<number>;
  readonly tableSha256: string;
  readonly parts: readonly { readonly at: Range<number>; readonly sha256: string }[];
}

interface Named {
  readonly name: string;
  readonly at: Range<number>;
}

/**
 * What the core will refuse, and what it does not look at: the table is the one that its header names, and has the
 * device tree and each module as they are, and nothing else; whatever lies between them is zero.
 */
export function verifyRaw(bytes: Uint8Array, image: TabledImage, sha256: Sha256): readonly Diagnostic[] {
  const { deviceTree, modules, table, tableSha256, parts } = image;
  const digest = ({ start, size }: Range<number>): string => sha256([bytes.subarray(start, start + size)]);
  if (digest(table) !== tableSha256)
    return [diagnose("XI6090", { name: "the table of parts", of: "the core's header" })];
  const named: readonly Named[] = [
    { name: "the device tree", at: deviceTree },
    ...modules.map(({ path, at }) => ({ name: path, at })),
  ];
  // Of two entries for one place the core believes the first, and so do we.
  const digests = new Map(parts.map(({ at, sha256: listed }) => [formatRange(at), listed] as const).toReversed());
  const wrong = named.flatMap(({ name, at }) => {
    const listed = digests.get(formatRange(at));
    if (listed === undefined) return [diagnose("XI6091", { reason: `${name} at ${hex(at.start)} is not in it` })];
    return digest(at) === listed ? [] : [diagnose("XI6090", { name, of: "the table of parts" })];
  });
  const places = new Set(named.map(({ at }) => formatRange(at)));
  const nobodys = parts
    .filter(({ at }) => !places.has(formatRange(at)))
    .map(({ at }) =>
      diagnose("XI6091", { reason: `what it has at ${hex(at.start)} is neither device tree nor module` }),
    );
  return [...wrong, ...nobodys, ...strayBytes(bytes, [table, ...named.map(({ at }) => at)])];
}

const zeros = new Uint8Array(2 ** 16);

/** The first byte behind the device tree that belongs to nothing and is not zero. What is in front of it is the core's. */
function strayBytes(bytes: Uint8Array, covered: readonly Range<number>[]): readonly Diagnostic[] {
  const sorted = [...covered].sort((a, b) => a.start - b.start);
  let end = sorted[0]?.start ?? 0;
  for (const { start, size } of [...sorted, { start: bytes.length, size: 0 }]) {
    for (let at = end; at < start; at += zeros.length) {
      const gap = bytes.subarray(at, Math.min(at + zeros.length, start));
      if (!sameBytes(gap, zeros.subarray(0, gap.length)))
        return [diagnose("XI6092", { offset: hex(at + gap.findIndex((byte) => byte !== 0)) })];
    }
    end = Math.max(end, start + size);
  }
  return [];
}

/** What a sound image.bin rests on. */
export const describeRawTrust = ({ modules }: TabledImage): string =>
  `the core has the SHA-256 of a table, which has those of the device tree and of ${modules.length} modules: all agree\n` +
  "before it starts a domain, the core compares them too\n" +
  "nothing covers the core itself: whoever can write the file can write another core\n";
