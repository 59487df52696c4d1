import { decode, encodePieces } from "dtc-js";
import { sameBytes } from "../../base/same-bytes.ts";
import { sameItems } from "../../base/same-items.ts";
import { invariant } from "../../base/invariant.ts";
import { quoted } from "../../base/printable.ts";
import { hex } from "../../base/units.ts";
import { fromHex } from "../../base/hex.ts";
import { externalPieces } from "../../codecs/fit/external.ts";
import { signedBytes, signedKinds, signedNodes } from "../../codecs/fit/signed.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Digest, HashAlgorithm } from "../../ir/host.ts";
import { hashAlgorithms } from "../../ir/host.ts";
import type { VerifyingKey } from "../../ir/signer.ts";
import { fitKeyName } from "../../ir/signer.ts";
import { rangeList } from "../range-list.ts";
import { systemFacts } from "../system-facts.ts";
import type { Fit, FitConfiguration, FitImage, Signature } from "./read.ts";

/**
 * Proves a FIT whole: each byte of it is under a signature, or hashed under one, or has the one value that the rest
 * leaves it; and the device tree inside speaks of the modules inside and no others.
 */
export function verifyFit(bytes: Uint8Array, fit: Fit, digest: Digest, key: VerifyingKey): readonly Diagnostic[] {
  const found = [
    ...wrongHashes(fit, digest),
    ...fit.configurations.flatMap((configuration) => wrongSignature(fit, configuration, key)),
    ...strayBytes(bytes, fit),
    ...wrongModules(fit),
  ];
  return found.length === 0 && fit.development ? [diagnose("XI6109", { key: fit.key ?? "" })] : found;
}

/** Each image has the hash that stands beside it. */
export function wrongHashes({ images }: Fit, digest: Digest): readonly Diagnostic[] {
  return images
    .filter(({ data, hash }) => !sameBytes(fromHex(digest(hash.algorithm, [data])), hash.value))
    .map(({ name, hash }) => diagnose("XI6103", { name, algorithm: hash.algorithm }));
}

function wrongSignature(fit: Fit, { node, signature }: FitConfiguration, key: VerifyingKey): readonly Diagnostic[] {
  const configuration = node.name;
  if (signature === undefined) return [diagnose("XI6104", { configuration })];
  const paths = signedNodes(fit.tree, node);
  invariant(paths, "the images of a configuration that was read");
  const { bytes, stringsSize } = signedBytes(fit.tree, paths);
  const refuse = (reason: string): readonly Diagnostic[] => [diagnose("XI6106", { configuration, reason })];
  if (!sameItems(signature.images, signedKinds)) return refuse("its sign-images leaves some images out");
  if (!sameItems(signature.nodes, paths)) return refuse("its hashed-nodes are not the nodes that must be signed");
  if (!sameItems(signature.strings, [0, stringsSize])) return refuse("its hashed-strings are not all strings");
  if (signature.hint !== fit.key) return refuse("its key-name-hint is not the signed name");
  const hash = hashOf(signature, key);
  if (hash === undefined) return [diagnose("XI6105", { configuration, reason: otherAlgorithm(signature, key) })];
  if (signature.padding !== undefined && key.key.kind !== "rsa")
    return [diagnose("XI6105", { configuration, reason: "its padding is RSA's, and the key is not" })];
  if (key.verify(hash, bytes, signature.value, signature.padding)) return [];
  return [diagnose("XI6105", { configuration, reason: "it is not this key's signature over this configuration" })];
}

/** The hash of a signature's `algo`, if the rest of it is what the key is for. */
const hashOf = ({ algorithm }: Signature, { key }: VerifyingKey): HashAlgorithm | undefined =>
  hashAlgorithms.find((hash) => algorithm === `${hash},${fitKeyName(key)}`);

const otherAlgorithm = ({ algorithm }: Signature, { key }: VerifyingKey): string =>
  `its algorithm is ${quoted(algorithm)}, the key is for ${fitKeyName(key)}`;

/** The one way to write this tree, and the images behind it; a byte that differs is under no signature. */
export function strayBytes(bytes: Uint8Array, { tree, images, external }: Fit): readonly Diagnostic[] {
  const datas = images.map(({ data }) => data);
  const pieces = external === undefined ? encodePieces(tree) : externalPieces(tree, datas, external);
  invariant(pieces, "the place of the images that was read");
  let at = 0;
  for (const each of pieces) {
    const piece = each instanceof Uint8Array ? each : new Uint8Array(each.zeros);
    const found = bytes.subarray(at, at + piece.length);
    if (!sameBytes(found, piece)) {
      const differs = piece.findIndex((byte, index) => byte !== found[index]);
      return [diagnose("XI6107", { offset: hex(at + differs) })];
    }
    at += piece.length;
  }
  return at === bytes.length ? [] : [diagnose("XI6107", { offset: hex(at) })];
}

/** Modules of each configuration's device tree are its loadables: where they lie, how long they are. */
export function wrongModules(fit: Fit): readonly Diagnostic[] {
  return fit.configurations.flatMap((configuration) => {
    const reason = moduleProblem(fit, configuration);
    return reason === undefined ? [] : [diagnose("XI6108", { configuration: configuration.node.name, reason })];
  });
}

function moduleProblem(
  { images }: Fit,
  { kernel, fdt, loadables, rollbackIndex }: FitConfiguration,
): string | undefined {
  const image = (name: string): FitImage => {
    const found = images.find((each) => each.name === name);
    invariant(found, "an image that was named when it was read");
    return found;
  };
  if (image(kernel).type !== "kernel") return `${quoted(kernel)} is no hypervisor`;
  if (image(fdt).type !== "flat_dt") return `${quoted(fdt)} is no device tree`;
  const odd = loadables.find((name) => image(name).type !== "firmware");
  if (odd !== undefined) return `${quoted(odd)} is no module`;
  const decoded = decode(image(fdt).data);
  if (!decoded.ok) return `its device tree is broken: ${decoded.diagnostics[0].message}`;
  const facts = systemFacts(decoded.value);
  if (facts.rollbackIndex !== rollbackIndex)
    return `its rollback index is ${rollbackIndex}, its device tree's ${facts.rollbackIndex ?? "no number"}`;
  const described = facts.domains.flatMap(({ modules }) => modules);
  const loaded = loadables.map((name) => ({ start: image(name).load, size: image(name).data.length }));
  return rangeList(described) === rangeList(loaded)
    ? undefined
    : `its device tree speaks of modules at ${rangeList(described) || "no place"}, inside are ${rangeList(loaded) || "none"}`;
}
