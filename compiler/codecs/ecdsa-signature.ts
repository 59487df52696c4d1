/**
 * An ECDSA signature as DER, `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, 2.2.3), which is what most programs make and
 * take. `raw` is r and s in a row, each as long as the curve's field, at most 48 bytes: each length is one byte here.
 */
export function ecdsaToDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const numbers = [...integer(raw.subarray(0, half)), ...integer(raw.subarray(half))];
  return Uint8Array.from([0x30, numbers.length, ...numbers]);
}

function integer(number: Uint8Array): readonly number[] {
  const first = number.findIndex((byte) => byte !== 0);
  const digits = number.subarray(first < 0 ? number.length - 1 : first);
  // A number whose first bit is set would be negative.
  const content = (digits[0] ?? 0) < 0x80 ? digits : [0, ...digits];
  return [2, content.length, ...content];
}

/** r and s in a row, each of so many bytes; undefined where the bytes are no such signature. */
export function ecdsaFromDer(der: Uint8Array, coordinate: number): Uint8Array | undefined {
  const [tag, length] = der;
  if (tag !== 0x30 || length !== der.length - 2) return undefined;
  const r = integerAt(der, 2, coordinate);
  const s = r && integerAt(der, r.end, coordinate);
  if (r === undefined || s?.end !== der.length) return undefined;
  return new Uint8Array([...r.value, ...s.value]);
}

function integerAt(
  bytes: Uint8Array,
  at: number,
  size: number,
): { readonly value: Uint8Array; readonly end: number } | undefined {
  const [tag, length = 0] = bytes.subarray(at);
  const end = at + 2 + length;
  if (tag !== 2 || length === 0 || end > bytes.length) return undefined;
  // A number whose first bit is set has a zero before it; a short one has fewer bytes.
  const digits = bytes.subarray(at + 2, end);
  const significant = digits.subarray(digits[0] === 0 ? 1 : 0);
  if (significant.length > size) return undefined;
  const value = new Uint8Array(size);
  value.set(significant, size - significant.length);
  return { value, end };
}
