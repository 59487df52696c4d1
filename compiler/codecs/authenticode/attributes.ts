import { Attribute } from "@peculiar/asn1-cms";
import { AsnArray, AsnProp, AsnPropTypes, AsnType, AsnTypeTypes, OctetString } from "@peculiar/asn1-schema";
import { toDer } from "../asn1/der.ts";
import { bufferOf } from "../x509/rsa-key.ts";
import { contentTypeOid, indirectDataOid, messageDigestOid } from "./oids.ts";

/** SET OF Attribute: what is signed, with the tag that it does not have in the signature (RFC 5652, 5.4). */
class SignedAttributes extends AsnArray<Attribute> {}
AsnType({ type: AsnTypeTypes.Set, itemType: Attribute })(SignedAttributes);

class ObjectIdentifier {
  value = "";
}
AsnType({ type: AsnTypeTypes.Choice })(ObjectIdentifier);
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(ObjectIdentifier.prototype, "value");

/** The attributes that every signature has (RFC 5652, 5.3), in DER's order. */
export function attributesOf(messageDigest: Uint8Array): readonly Attribute[] {
  const type = new ObjectIdentifier();
  type.value = indirectDataOid;
  const attribute = (attrType: string, value: object): Attribute =>
    new Attribute({ attrType, attrValues: [bufferOf(toDer(value))] });
  return [attribute(contentTypeOid, type), attribute(messageDigestOid, new OctetString(bufferOf(messageDigest)))];
}

/** The DER of the one value of an attribute; undefined where there is none, or are several. */
export function attributeValue(attributes: readonly Attribute[], type: string): Uint8Array | undefined {
  const [found, ...more] = attributes.filter(({ attrType }) => attrType === type);
  const [value, ...others] = found?.attrValues ?? [];
  return value === undefined || more.length > 0 || others.length > 0 ? undefined : new Uint8Array(value);
}

export const signedMessage = (attributes: readonly Attribute[]): Uint8Array =>
  toDer(new SignedAttributes([...attributes]));
