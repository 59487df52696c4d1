import { isKeyName, oddName } from "./names.ts";

/** What of RFC 7512 names a key here. */
export interface Pkcs11Uri {
  readonly token: string;
  /** The key's label. Loaders know it by that. */
  readonly object: string;
  /** CKA_ID in hexadecimal. */
  readonly id?: string;
  /** The module's shared library. */
  readonly module: string;
  /** A file that holds the PIN. */
  readonly pinFile?: string;
}

export const isPkcs11Uri = (text: string): boolean => text.startsWith("pkcs11:");

/** Reads a URI, or says why it names no key. A PIN in it is not repeated. */
export function parsePkcs11Uri(text: string): Pkcs11Uri | string {
  const [path = "", query = "", ...more] = text.slice("pkcs11:".length).split("?");
  if (more.length > 0) return "it has more than one question mark";
  const attributes = new Map<string, string>();
  for (const part of [...path.split(";"), ...query.split("&")].filter((each) => each !== "")) {
    const problem = take(part, attributes);
    if (problem !== undefined) return problem;
  }
  return uriOf(attributes);
}

const known = ["token", "object", "id", "type", "module-path", "pin-source"];

function take(part: string, attributes: Map<string, string>): string | undefined {
  const [name = "", ...rest] = part.split("=");
  if (name === "pin-value") return "a PIN in it would be seen by everybody on the machine: write pin-source=FILE";
  if (!known.includes(name))
    return `it has an attribute ${JSON.stringify(name)}, and these are known: ${known.join(", ")}`;
  if (attributes.has(name)) return `it has "${name}" twice`;
  const text = rest.join("=");
  const value = name === "id" ? hexOf(text) : decoded(text);
  if (value === undefined) return `its "${name}" is not percent-encoded`;
  attributes.set(name, value);
  return undefined;
}

/** An id is bytes, percent-encoded unless they are letters, digits or `-._~`: in hexadecimal. */
const hexOf = (text: string): string | undefined =>
  /^(%[0-9A-Fa-f]{2}|[\w.~-])+$/.test(text)
    ? text.replaceAll(/%(..)|(.)/g, (_, hex: string | undefined, unit: string) =>
        (hex ?? unit.charCodeAt(0).toString(16)).toLowerCase(),
      )
    : undefined;

/** UTF-8. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function uriOf(attributes: ReadonlyMap<string, string>): Pkcs11Uri | string {
  const { token, object, id, type, module, source } = {
    token: attributes.get("token"),
    object: attributes.get("object"),
    id: attributes.get("id"),
    type: attributes.get("type"),
    module: attributes.get("module-path"),
    source: attributes.get("pin-source"),
  };
  if (!token || !object || !module) {
    const missing = [!token && "token", !object && "object", !module && "module-path"].filter((each) => each !== false);
    return `it lacks ${missing.join(", ")}`;
  }
  if (!isKeyName(object)) return oddName;
  if (type !== undefined && type !== "private") return 'its type is not "private"';
  const pinFile = source === undefined ? undefined : fileOf(source);
  if (source !== undefined && pinFile === undefined) return "its pin-source is no file";
  return { token, object, module, ...(id !== undefined && { id }), ...(pinFile !== undefined && { pinFile }) };
}

/** `file:/run/pin`, `file:///run/pin` or a path; RFC 7512 knows commands, too, which are none of ours. */
function fileOf(source: string): string | undefined {
  const path = source.replace(/^file:(\/\/(?=\/))?/, "");
  return path === "" || path.startsWith("|") || path.startsWith("//") ? undefined : path;
}
