import { AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { fromHex } from "../../base/hex.ts";
import { fromDer, toDer } from "../asn1/der.ts";
import { bufferOf, withNull } from "../x509/rsa-key.ts";
import { sha256Oid } from "./oids.ts";

/*
 * What Authenticode signs in place of a file ("Windows Authenticode Portable Executable Signature Format", Microsoft):
 *
 *   SpcIndirectDataContent ::= SEQUENCE { data SpcAttributeTypeAndOptionalValue, messageDigest DigestInfo }
 *   SpcAttributeTypeAndOptionalValue ::= SEQUENCE { type ObjectID, value [0] EXPLICIT ANY OPTIONAL }
 *   DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTETSTRING }
 *
 * Everybody's signatures have the value without a tag of its own.
 */

class SpcAttributeTypeAndValue {
  type = "";
  value = new ArrayBuffer(0);
}
AsnType({ type: AsnTypeTypes.Sequence })(SpcAttributeTypeAndValue);
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(SpcAttributeTypeAndValue.prototype, "type");
AsnProp({ type: AsnPropTypes.Any })(SpcAttributeTypeAndValue.prototype, "value");

class DigestInfo {
  digestAlgorithm = new AlgorithmIdentifier();
  digest = new OctetString();
}
AsnType({ type: AsnTypeTypes.Sequence })(DigestInfo);
AsnProp({ type: AlgorithmIdentifier })(DigestInfo.prototype, "digestAlgorithm");
AsnProp({ type: OctetString })(DigestInfo.prototype, "digest");

class SpcIndirectDataContent {
  data = new SpcAttributeTypeAndValue();
  messageDigest = new DigestInfo();
}
AsnType({ type: AsnTypeTypes.Sequence })(SpcIndirectDataContent);
AsnProp({ type: SpcAttributeTypeAndValue })(SpcIndirectDataContent.prototype, "data");
AsnProp({ type: DigestInfo })(SpcIndirectDataContent.prototype, "messageDigest");

/** SPC_PE_IMAGE_DATAOBJ: what is hashed is a PE file. */
const peImageData = "1.3.6.1.4.1.311.2.1.15";

/**
 * SpcPeImageData: no flags, and as the file the text that the specification asks for, "<<<Obsolete>>>" in UTF-16.
 *
 *   SEQUENCE { flags BIT STRING {}, file [0] { file [2] { unicode [0] IMPLICIT BMPSTRING } } }
 */
const obsoleteFile = fromHex(`3025030100a020a21e801c${"<<<Obsolete>>>".replaceAll(/./g, utf16)}`);

function utf16(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** SpcIndirectDataContent of a PE file with this SHA-256. */
export function encodeIndirectData(digest: Uint8Array): Uint8Array {
  const content = new SpcIndirectDataContent();
  content.data.type = peImageData;
  content.data.value = bufferOf(obsoleteFile);
  content.messageDigest.digestAlgorithm = withNull(sha256Oid);
  content.messageDigest.digest = new OctetString(bufferOf(digest));
  return toDer(content);
}

/** The SHA-256 of a PE file that SpcIndirectDataContent names; undefined where it says something else. */
export function decodeIndirectData(der: Uint8Array): Uint8Array | undefined {
  const content = fromDer(der, SpcIndirectDataContent);
  if (content?.data.type !== peImageData) return undefined;
  const { digestAlgorithm, digest } = content.messageDigest;
  const bytes = new Uint8Array(digest.buffer);
  return digestAlgorithm.isEqual(withNull(sha256Oid)) && bytes.length === 32 ? bytes : undefined;
}
