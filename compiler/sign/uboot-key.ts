import type { DeviceTree, Property } from "dtc-js";
import { addNode, bytes, cells, findNode, node, property, setProperty, strings, u64 } from "dtc-js";
import { textOf } from "../codecs/fit/signed.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import type { EcKey, PublicKey, RsaKey } from "../ir/signer.ts";
import { fitKeyName } from "../ir/signer.ts";

/**
 * U-Boot's control device tree with a public key that every configuration must be signed with (doc/usage/fit/
 * signature.rst, "Public Key Storage"). Whoever can change this tree decides what boots: it belongs where U-Boot is.
 *
 * Of several keys U-Boot wants all signatures, and images have one: with a second key any of them is enough, unless the
 * tree already says what it wants.
 */
export function withUbootKey(
  control: DeviceTree,
  { name, key, hash }: { readonly name: string; readonly key: PublicKey; readonly hash: HashAlgorithm },
): DeviceTree {
  const tree = findNode(control, "/signature") ? control : addNode(control, "/", node("signature"));
  const added = addNode(
    tree,
    "/signature",
    node(`key-${name}`, {
      properties: [
        property("required", strings("conf")),
        // U-Boot takes no signature of another kind for this key's.
        property("algo", strings(`${hash},${fitKeyName(key)}`)),
        property("key-name-hint", strings(name)),
        ...(key.kind === "rsa" ? rsaNumbers(key) : ecNumbers(key)),
      ],
    }),
  );
  const { names, mode } = requiredKeys(added);
  return names.length > 1 && mode === undefined
    ? setProperty(added, "/signature", property("required-mode", strings("any")))
    : added;
}

function rsaNumbers(key: RsaKey): readonly Property[] {
  const modulus = numberOf(key.modulus);
  return [
    property("rsa,num-bits", cells(key.bits)),
    property("rsa,modulus", bytes(key.modulus)),
    property("rsa,exponent", u64(numberOf(key.exponent))),
    // What U-Boot's Montgomery multiplication starts from: (2^bits)^2 mod n, and -1/n mod 2^32.
    property("rsa,r-squared", bytes(bytesOf(2n ** (2n * BigInt(key.bits)) % modulus, key.bits / 8))),
    property("rsa,n0-inverse", cells(Number(2n ** 32n - inverse(modulus % 2n ** 32n)))),
  ];
}

/** The curves' names as mkimage writes them, those of OpenSSL. */
const curveNames = { p256: "prime256v1", p384: "secp384r1" } as const;

const ecNumbers = ({ curve, x, y }: EcKey): readonly Property[] => [
  property("ecdsa,curve", strings(curveNames[curve])),
  property("ecdsa,x-point", bytes(x)),
  property("ecdsa,y-point", bytes(y)),
];

/** Keys that U-Boot requires of configurations, and whether "any" or "all" of them, where its device tree says. */
export function requiredKeys(control: DeviceTree): { readonly names: readonly string[]; readonly mode?: string } {
  const keys = findNode(control, "/signature");
  const required = keys?.children.filter((key) => textOf(key, "required") === "conf") ?? [];
  const mode = keys && textOf(keys, "required-mode");
  return { names: required.map(({ name }) => name), ...(mode !== undefined && { mode }) };
}

const numberOf = (value: Uint8Array): bigint => value.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);

const bytesOf = (value: bigint, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => Number((value >> BigInt(8 * (length - 1 - at))) & 0xffn));

/** 1/n mod 2^32 for an odd n: each step of Newton's doubles the right bits, of which n itself has three. */
function inverse(n: bigint): bigint {
  let x = n;
  for (let bits = 3; bits < 32; bits *= 2) x = (x * (2n - n * x)) & 0xffff_ffffn;
  return x & 0xffff_ffffn;
}
