import type { Free } from "../base/free.ts";
import { aligned, lowestFit, without } from "../base/free.ts";
import type { Range } from "../base/ranges.ts";
import { endOf, formatRange } from "../base/ranges.ts";
import type { ByteSize, PhysAddr } from "../base/units.ts";
import { formatSize } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ResolvedDomain } from "../ir/resolved.ts";
import { block } from "./start.ts";

export interface PlacedMemory {
  /** Machine memory of each domain, in the order in which the guest sees it. */
  readonly machine: readonly (readonly Range<PhysAddr>[])[];
  readonly free: Free<PhysAddr>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What the core will do at boot with memory that is given by size: domains in order, each at the lowest heap range
 * that holds all of it; where none does, in pieces, the largest range first. Pieces begin on 2 MiB. The static
 * banks of other domains are no part of the heap.
 */
export function placeMemory(domains: readonly ResolvedDomain[], heap: Free<PhysAddr>): PlacedMemory {
  let free = heap;
  const diagnostics: Diagnostic[] = [];
  const machine = domains.map((domain) => {
    const { memory } = domain;
    if (memory.kind === "static") return memory.banks;
    const pieces = takePieces(free, memory.size);
    const rest = memory.size - pieces.reduce((sum, piece) => sum + piece.size, 0);
    if (rest > 0) diagnostics.push(noMemory(domain, memory.size, rest, free));
    else free = pieces.reduce(without<PhysAddr>, free);
    return pieces;
  });
  return { machine, free, diagnostics };
}

function takePieces(heap: Free<PhysAddr>, size: ByteSize): readonly Range<PhysAddr>[] {
  const pieces: Range<PhysAddr>[] = [];
  let free = heap;
  let rest: number = size;
  while (rest > 0) {
    const piece = lowestFit(free, rest, block) ?? largest(free);
    if (piece === undefined) break;
    pieces.push(piece);
    free = without(free, piece);
    rest -= piece.size;
  }
  return pieces;
}

/** The largest range of whole 2 MiB blocks; the lowest of equals. */
function largest(free: Free<PhysAddr>): Range<PhysAddr> | undefined {
  let best: Range<PhysAddr> | undefined;
  for (const range of aligned(free, block)) {
    const size = endOf(range) - range.start;
    const whole = { start: range.start, size: size - (size % block) };
    if (whole.size > (best?.size ?? 0)) best = whole;
  }
  return best;
}

function noMemory(domain: ResolvedDomain, size: ByteSize, rest: number, free: Free<PhysAddr>): Diagnostic {
  const params = {
    name: domain.name,
    size: formatSize(size),
    missing: formatSize(size - rest),
    ranges: aligned(free, block).map(formatRange).join(", ") || "none",
  };
  return diagnose("XI5002", params, { primary: { path: ["domains", domain.name, "memory"] } });
}
