import type { ByteStore } from "../byte-store.ts";
import type { Marker, Reference, Value } from "../tree.ts";
import { putWord } from "../words.ts";

/** What references stand for; undefined leaves the reference as it is. */
export interface Targets {
  readonly phandle: (target: Reference) => number | undefined;
  readonly path: (target: Reference) => string | undefined;
}

/** The value with its phandle cells and path strings written, its bytes in `store`; markers behind a path move with their bytes. */
export function fillValue(value: Value, targets: Targets, store: ByteStore): Value {
  const chunks: Uint8Array[] = [];
  const markers: Marker[] = [];
  const phandles: [offset: number, phandle: number][] = [];
  let read = 0;
  let moved = 0;
  for (const marker of value.markers) {
    const offset = marker.offset + moved;
    const path = marker.kind === "path" ? targets.path(marker.target) : undefined;
    if (marker.kind === "path" && path !== undefined) {
      const bytes = nameBytes(path);
      chunks.push(value.bytes.subarray(read, marker.offset), bytes);
      read = marker.offset + marker.length;
      moved += bytes.length - marker.length;
      markers.push({ ...marker, offset, length: bytes.length });
      continue;
    }
    const phandle = marker.kind === "phandle" ? targets.phandle(marker.target) : undefined;
    if (phandle !== undefined) phandles.push([offset, phandle]);
    markers.push(moved === 0 ? marker : { ...marker, offset });
  }
  chunks.push(value.bytes.subarray(read));
  const bytes = join(chunks, store);
  for (const [offset, phandle] of phandles) putWord(bytes, offset, phandle);
  // None has moved: the tree keeps the array that it has.
  return { bytes, markers: chunks.length > 1 ? markers : value.markers };
}

/** One byte a character, and a NUL. */
function nameBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

function join(chunks: readonly Uint8Array[], store: ByteStore): Uint8Array {
  const bytes = store.take(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
