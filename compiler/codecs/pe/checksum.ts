/**
 * The sum of a file's bytes as the PE format's CheckSum wants it: of its little-endian 16-bit words, with the carry added
 * again. The bytes begin at `offset` of the file; sums of parts may be added.
 */
export function wordSum(bytes: Uint8Array, offset: number): number {
  const whole = bytes.length - (bytes.length % 4);
  let sum = 0;
  // 2^32 leaves 1 when divided by 2^16-1, so words of 32 bits have the same sum: half as many to add.
  for (let at = 0; at < whole; at += chunk)
    sum = folded(sum + sumOf32(bytes.subarray(at, Math.min(at + chunk, whole))));
  for (let at = whole; at < bytes.length; at++) sum += (bytes[at] ?? 0) << (8 * (at % 2));
  sum = folded(sum);
  // Behind an odd number of bytes each word has its halves exchanged, and so has their sum.
  return offset % 2 === 0 ? sum : ((sum & 0xff) << 8) | (sum >> 8);
}

/** CheckSum of a file of `length` bytes, whose words have this sum while the field itself is zero. */
export const checkSumOf = (sum: number, length: number): number => folded(sum) + length;

/** Bytes whose words' sum a number holds exactly. */
const chunk = 2 ** 20;

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function sumOf32(bytes: Uint8Array): number {
  let sum = 0;
  if (littleEndian) {
    const words =
      bytes.byteOffset % 4 === 0
        ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
        : new Uint32Array(bytes.slice().buffer);
    for (const word of words) sum += word;
    return sum;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += 4) sum += view.getUint32(at, true);
  return sum;
}

function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x1_0000) + Math.floor(rest / 0x1_0000);
  return rest;
}
