import type { Range } from "../../base/ranges.ts";
import { endOf } from "../../base/ranges.ts";
import { certificateAlignment } from "../pe/certificates.ts";
import type { PeFile } from "../pe/read.ts";

/**
 * What of a PE its Authenticode digest covers, in the order in which it is hashed ("Windows Authenticode Portable
 * Executable Signature Format", "Calculating the PE Image Hash"): headers without CheckSum and the directory's entry of
 * the certificates, then the sections. `end` is where the certificates begin, or would, behind the padding of the file
 * that is hashed with it.
 */
export const coveredRanges = (
  { checkSum, certificateEntry }: Pick<PeFile, "checkSum" | "certificateEntry">,
  end: number,
): readonly Range<number>[] => [
  { start: 0, size: checkSum.start },
  { start: endOf(checkSum), size: certificateEntry.start - endOf(checkSum) },
  { start: endOf(certificateEntry), size: end - endOf(certificateEntry) },
];

/**
 * The first byte of a PE that is in no section and not in the headers: loaders leave what is between sections out of the
 * digest. Undefined where there is none, but for padding at the end.
 */
export function strayByte({ sections, sizeOfHeaders, certificates }: PeFile, length: number): number | undefined {
  let end = sizeOfHeaders;
  for (const { file } of sections) {
    if (file.size === 0) continue;
    if (file.start !== end) return end;
    end = endOf(file);
  }
  const last = certificates?.start ?? length;
  return last - end < certificateAlignment ? undefined : end;
}
