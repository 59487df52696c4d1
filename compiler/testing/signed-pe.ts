import { invariant } from "../base/invariant.ts";
import type { Piece } from "../ir/artifact.ts";
import { packPe, sectionPlaces } from "../pack/pe/pe.ts";
import type { SectionContent } from "../pack/pe/pe.ts";
import { signPe } from "../sign/authenticode.ts";
import type { TestCertificate } from "./certificates.ts";
import { realDigest } from "./keys.ts";

const section = (name: string, size: number, executable = false): SectionContent => ({
  name,
  bytes: Uint8Array.from({ length: size }, (_, at) => (at * 7 + name.length) & 0xff),
  executable,
});

const sections = [section(".text", 5000, true), section(".plan", 100), section(".hv", 4096), section(".m0", 3001)];

/** A PE as PACK leaves it: nothing that runs. */
export const unsignedEfi = (): readonly Piece[] =>
  packPe(sections, sectionPlaces(sections.map(({ bytes }) => bytes.length))[0] ?? 0);

/** Pieces as SIGN leaves them. */
export async function signed(
  pieces: readonly Piece[],
  ...chain: readonly [TestCertificate, ...TestCertificate[]]
): Promise<Uint8Array> {
  const certificates = chain.map(({ der }) => der);
  const { value } = await signPe(pieces, realDigest, { signer: chain[0].key, certificates });
  invariant(value, "a signed PE");
  return joined(value);
}

/** The same PE as SIGN leaves it; the signer's certificate and its issuers'. */
export const signedEfi = (...chain: readonly [TestCertificate, ...TestCertificate[]]): Promise<Uint8Array> =>
  signed(unsignedEfi(), ...chain);

export function joined(pieces: readonly Piece[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Buffer.alloc(piece.zeros)))),
  );
}
