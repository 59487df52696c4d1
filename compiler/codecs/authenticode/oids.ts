/** RFC 5754, 2.2. */
export const sha256Oid = "2.16.840.1.101.3.4.2.1";
/** SPC_INDIRECT_DATA_OBJID, of "Windows Authenticode Portable Executable Signature Format". */
export const indirectDataOid = "1.3.6.1.4.1.311.2.1.4";
/** RFC 5652: 5.1, 11.1 and 11.2. */
export const signedDataOid = "1.2.840.113549.1.7.2";
export const contentTypeOid = "1.2.840.113549.1.9.3";
export const messageDigestOid = "1.2.840.113549.1.9.4";
