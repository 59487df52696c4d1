import type { Name } from "@peculiar/asn1-x509";

/** Short names of attribute types (RFC 4514, 3; RFC 2985 for the last). */
const shortNames: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
};

/** A distinguished name as people read it, in its own order: "O=Acme, CN=boot". It may hold any character. */
export const nameText = (name: Name): string =>
  name
    .flatMap((parts) => [...parts].map(({ type, value }) => `${shortNames[type] ?? type}=${value.toString()}`))
    .join(", ");

/** Whether a name has this organisational unit. */
export const hasUnit = (name: Name, unit: string): boolean =>
  name.some((parts) => parts.some(({ type, value }) => shortNames[type] === "OU" && value.toString() === unit));
