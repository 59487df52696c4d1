import { recordFormat } from "../../base/record.ts";
import { alignUp } from "../../base/units.ts";

/** WIN_CERTIFICATE (UEFI specification, "Secure Boot and Driver Signing"; PE format, "Attribute Certificate Table"). */
const winCertificate = recordFormat(8, {
  /** Of the header and what follows, without the padding behind it. */
  length: { at: 0, type: "u32" },
  revision: { at: 4, type: "u16" },
  type: { at: 6, type: "u16" },
});

const revision2 = 0x200;
/** WIN_CERT_TYPE_PKCS_SIGNED_DATA: Authenticode. */
const pkcsSignedData = 2;
/** Entries of the table begin at multiples of this many bytes. */
export const certificateAlignment = 8;

/** A certificate table with one PKCS #7 signature, padded. */
export function encodeCertificateTable(signature: Uint8Array): Uint8Array {
  const length = winCertificate.size + signature.length;
  const table = new Uint8Array(alignUp(length, certificateAlignment));
  winCertificate.encode({ length, revision: revision2, type: pkcsSignedData }, table, 0);
  table.set(signature, winCertificate.size);
  return table;
}

/** What is in a certificate table, entry by entry with what pads it; or why it is none of signatures. */
export function decodeCertificateTable(table: Uint8Array): readonly Uint8Array[] | string {
  const found: Uint8Array[] = [];
  for (let at = 0; at < table.length;) {
    const header = winCertificate.decode(table, at);
    if (header === undefined || header.length < winCertificate.size) return "its certificate table is cut short";
    if (header.revision !== revision2 || header.type !== pkcsSignedData)
      return "its certificate table holds something else than PKCS #7 signatures";
    const end = alignUp(at + header.length, certificateAlignment);
    if (end > table.length) return "its certificate table is cut short";
    found.push(table.subarray(at + winCertificate.size, end));
    at = end;
  }
  return found;
}
