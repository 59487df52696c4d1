import type { Span } from "./span.ts";

/**
 * A device tree as immutable plain data. The order of reservations, properties, children and labels is kept, because
 * the blob's bytes depend on it. Names are byte strings, one character (at most U+00FF) a byte.
 */
export interface DeviceTree {
  readonly reservations: readonly Reservation[];
  /** Physical id of the boot CPU: the header's boot_cpuid_phys. */
  readonly bootCpuid: number;
  /** `/plugin/`: an overlay, whose references may lead to the tree that it will change. */
  readonly plugin?: true;
  readonly root: Node;
  /** `leading`: before everything; `trailing`: at the end of the source. */
  readonly comments?: Comments;
}

/**
 * What a source says to people, kept by `parse` if it is asked to. Each text is a whole comment with its delimiters; of
 * further lines, without the indentation of the first.
 */
export interface Comments {
  /** In front of the statement, on lines of their own. */
  readonly leading: readonly string[];
  /** In a node, where nothing follows to which they belong. */
  readonly inner: readonly string[];
  /** Behind the statement on its line. */
  readonly trailing: readonly string[];
}

/** One entry of the memory reservation block: `/memreserve/ address size;`. */
export interface Reservation {
  readonly labels: readonly Label[];
  readonly address: bigint;
  /** In bytes. */
  readonly size: bigint;
  readonly span?: Span;
  readonly comments?: Comments;
}

export interface Label {
  readonly name: string;
  readonly span?: Span;
}

export interface Node {
  /** With the unit address: "uart@9000000"; "" for the root. */
  readonly name: string;
  readonly labels: readonly Label[];
  readonly properties: readonly Property[];
  readonly children: readonly Node[];
  /** `/omit-if-no-ref/`: `resolveReferences` drops the node unless something refers to it. */
  readonly omitIfNoRef?: true;
  /** Where the source defines the node, first definition first, then each place that added to it. */
  readonly spans?: readonly Span[];
  readonly comments?: Comments;
}

export interface Property {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly value: Value;
  /** The whole statement that gave the value. */
  readonly span?: Span;
  readonly comments?: Comments;
}

/** Bytes, and what the source said about them. A value read from a blob has no markers. */
export interface Value {
  /** Never written by the library; not to be written by others, for trees share values, and values share buffers. */
  readonly bytes: Uint8Array;
  /** By rising offset; where offsets are equal, in source order. */
  readonly markers: readonly Marker[];
}

/** How the bytes that follow were written. */
export type ValueType = "uint8" | "uint16" | "uint32" | "uint64" | "string";

export type Marker = TypeMarker | LabelMarker | PhandleMarker | PathMarker;

/** A list, string or byte string begins at `offset` and reaches to the next type marker. */
export interface TypeMarker {
  readonly kind: "type";
  readonly offset: number;
  /** Nothing is known of what `/incbin/` brings in. */
  readonly type: ValueType | "unknown";
  /** The whole list, string or byte string. */
  readonly span?: Span;
}

/** `label:` inside a value. */
export interface LabelMarker {
  readonly kind: "label";
  readonly offset: number;
  readonly name: string;
  readonly span?: Span;
}

/** The cell at `offset` is the phandle of `target`; 0xffffffff until `resolveReferences` has filled it. */
export interface PhandleMarker {
  readonly kind: "phandle";
  readonly offset: number;
  readonly target: Reference;
  readonly span?: Span;
}

/** The string at `offset` is the full path of `target`; `length` is its bytes with the NUL, 0 until resolved. */
export interface PathMarker {
  readonly kind: "path";
  readonly offset: number;
  readonly length: number;
  readonly target: Reference;
  readonly span?: Span;
}

/** A label ("gic"), a full path ("/soc/gic@8000000") or a path below a label ("soc/gic@8000000"), without `&` and braces. */
export type Reference = string;
