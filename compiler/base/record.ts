import { invariant } from "../base/invariant.ts";

/** One field of a little-endian record. */
export type Field = { readonly at: number } & (
  { readonly type: "u8" | "u16" | "u32" | "u64" } | { readonly type: "bytes"; readonly length: number }
);
export type Fields = Readonly<Record<string, Field>>;

/** Numbers up to 2^53, byte strings as they are. */
export type RecordOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends { readonly type: "bytes" } ? Uint8Array : number;
};

/** A binary record: one table says where each field is, for both directions. */
export interface RecordFormat<F extends Fields> {
  readonly fields: F;
  /** In bytes. */
  readonly size: number;
  /** Writes into `target` at `offset`; other bytes stay. A value that does not fit is a mistake of ours. */
  readonly encode: (value: RecordOf<F>, target: Uint8Array, offset: number) => void;
  /** Undefined where the bytes end too early or a number is beyond 2^53. */
  readonly decode: (source: Uint8Array, offset: number) => RecordOf<F> | undefined;
}

export function recordFormat<const F extends Fields>(size: number, fields: F): RecordFormat<F> {
  const entries = Object.entries(fields);
  return {
    fields,
    size,
    encode: (value, target, offset) => {
      invariant(offset + size <= target.length, `${size} bytes for a record`);
      const view = new DataView(target.buffer, target.byteOffset + offset, size);
      for (const [name, field] of entries) put(view, name, field, value[name]);
    },
    decode: (source, offset) => {
      if (offset + size > source.length) return undefined;
      const view = new DataView(source.buffer, source.byteOffset + offset, size);
      const values = entries.map(([name, field]) => [name, get(view, field)] as const);
      return values.some(([, value]) => value === undefined)
        ? undefined
        : (Object.fromEntries(values) as unknown as RecordOf<F>);
    },
  };
}

function put(view: DataView, name: string, field: Field, value: Uint8Array | number | undefined): void {
  if (field.type === "bytes") {
    invariant(value instanceof Uint8Array && value.length === field.length, `${field.length} bytes for ${name}`);
    new Uint8Array(view.buffer, view.byteOffset + field.at, field.length).set(value);
    return;
  }
  invariant(
    Number.isInteger(value) && typeof value === "number" && value >= 0 && value < limits[field.type],
    `${name} to fit`,
  );
  if (field.type === "u8") view.setUint8(field.at, value);
  else if (field.type === "u16") view.setUint16(field.at, value, true);
  else if (field.type === "u32") view.setUint32(field.at, value, true);
  else view.setBigUint64(field.at, BigInt(value), true);
}

/** What a field of each width is below; numbers are exact up to 2^53. */
const limits = { u8: 2 ** 8, u16: 2 ** 16, u32: 2 ** 32, u64: 2 ** 53 } as const;

function get(view: DataView, field: Field): Uint8Array | number | undefined {
  if (field.type === "bytes") return new Uint8Array(view.buffer, view.byteOffset + field.at, field.length).slice();
  if (field.type === "u8") return view.getUint8(field.at);
  if (field.type === "u16") return view.getUint16(field.at, true);
  if (field.type === "u32") return view.getUint32(field.at, true);
  const value = view.getBigUint64(field.at, true);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}
