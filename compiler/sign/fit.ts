import type { DeviceTree, Node } from "dtc-js";
import { addNode, bytes, cells, findNode, getProperty, node, property, setProperty, strings } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import { signedBytes, signedKinds, signedNodes } from "../codecs/fit/signed.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import type { Signer } from "../ir/signer.ts";

/**
 * Signs each configuration with all that it names (U-Boot, doc/usage/fit/signature.rst): parts of two images cannot be
 * mixed. Who signed is said in the root, which is signed; a loader's hint beside the signature is not.
 */
export async function signFit(fit: DeviceTree, hash: HashAlgorithm, signer: Signer): Promise<DeviceTree> {
  let tree = setProperty(fit, "/", property("xenimg,key", strings(signer.name)));
  if (signer.development) tree = setProperty(tree, "/", property("xenimg,development-key"));
  const names = findNode(tree, "/configurations")?.children.map(({ name }) => name) ?? [];
  invariant(names.length > 0, "a configuration to sign");
  // All of the nodes first: the names of their properties are signed, too.
  for (const name of names) tree = addNode(tree, `/configurations/${name}`, signatureNode(tree, name, hash, signer));
  for (const name of names) tree = await signed(tree, name, hash, signer);
  return tree;
}

function signatureNode(tree: DeviceTree, name: string, hash: HashAlgorithm, { key, name: hint }: Signer): Node {
  return node("signature-1", {
    properties: [
      property("algo", strings(`${hash},rsa${key.bits}`)),
      property("key-name-hint", strings(hint)),
      property("sign-images", strings(...signedKinds.filter((kind) => names(tree, name, kind)))),
      property("hashed-nodes", strings(...nodesOf(tree, name))),
      property("hashed-strings", cells(0, 0)),
      property("value", bytes(new Uint8Array(key.bits / 8))),
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

async function signed(tree: DeviceTree, name: string, hash: HashAlgorithm, signer: Signer): Promise<DeviceTree> {
  const path = `/configurations/${name}/signature-1`;
  const { bytes: message, stringsSize } = signedBytes(tree, nodesOf(tree, name));
  const value = await signer.sign(hash, message);
  invariant(value.length === signer.key.bits / 8, `a signature of ${signer.key.bits} bits`);
  const sized = setProperty(tree, path, property("hashed-strings", cells(0, stringsSize)));
  return setProperty(sized, path, property("value", bytes(value)));
}
