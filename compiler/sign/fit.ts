import type { DeviceTree, Node } from "dtc-js";
import { addNode, bytes, cells, findNode, getProperty, node, property, setProperty, strings } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import { signedBytes, signedKinds, signedNodes } from "../codecs/fit/signed.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";
import { fitKeyName, signatureSize } from "../ir/signer.ts";

export interface FitSigning {
  readonly hash: HashAlgorithm;
  readonly signer: Signer;
  /** Left out, and for ECDSA: none is written, which is PKCS #1 v1.5 for RSA. */
  readonly padding?: RsaPadding;
}

/**
 * Signs each configuration with all that it names (U-Boot, doc/usage/fit/signature.rst): parts of two images cannot be
 * mixed. Who signed is said in the root, which is signed; a loader's hint beside the signature is not.
 */
export async function signFit(fit: DeviceTree, signing: FitSigning): Promise<Outcome<DeviceTree>> {
  const { signer } = signing;
  let tree = setProperty(fit, "/", property("xenimg,key", strings(signer.name)));
  if (signer.development) tree = setProperty(tree, "/", property("xenimg,development-key"));
  const names = findNode(tree, "/configurations")?.children.map(({ name }) => name) ?? [];
  invariant(names.length > 0, "a configuration to sign");
  // All of the nodes first: the names of their properties are signed, too.
  for (const name of names) tree = addNode(tree, `/configurations/${name}`, signatureNode(tree, name, signing));
  for (const name of names) {
    const { value, diagnostics } = await signed(tree, name, signing);
    if (value === undefined) return { diagnostics };
    tree = value;
  }
  return { value: tree, diagnostics: [] };
}

function signatureNode(tree: DeviceTree, name: string, { hash, signer, padding }: FitSigning): Node {
  return node("signature-1", {
    properties: [
      property("algo", strings(`${hash},${fitKeyName(signer.key)}`)),
      property("key-name-hint", strings(signer.name)),
      ...(padding === "pss" ? [property("padding", strings(padding))] : []),
      property("sign-images", strings(...signedKinds.filter((kind) => names(tree, name, kind)))),
      property("hashed-nodes", strings(...nodesOf(tree, name))),
      property("hashed-strings", cells(0, 0)),
      property("value", bytes(new Uint8Array(signatureSize(signer.key)))),
    ],
  });
}

const configurationOf = (tree: DeviceTree, name: string): Node => {
  const found = findNode(tree, `/configurations/${name}`);
  invariant(found, `a configuration ${name}`);
  return found;
};

const names = (tree: DeviceTree, name: string, kind: string): boolean =>
  getProperty(configurationOf(tree, name), kind) !== undefined;

function nodesOf(tree: DeviceTree, name: string): readonly string[] {
  const paths = signedNodes(tree, configurationOf(tree, name));
  invariant(paths, `${name} to name images that exist`);
  return paths;
}

async function signed(tree: DeviceTree, name: string, signing: FitSigning): Promise<Outcome<DeviceTree>> {
  const { hash, signer, padding } = signing;
  const path = `/configurations/${name}/signature-1`;
  const { bytes: message, stringsSize } = signedBytes(tree, nodesOf(tree, name));
  const { value, diagnostics } = await signer.sign(hash, message, padding);
  if (value === undefined) return { diagnostics };
  invariant(value.length === signatureSize(signer.key), "a signature as long as its key's are");
  const sized = setProperty(tree, path, property("hashed-strings", cells(0, stringsSize)));
  return { value: setProperty(sized, path, property("value", bytes(value))), diagnostics: [] };
}
