import { resolve } from "node:path";
import type { Anchor, Outcome, PeFile } from "../../compiler/index.ts";
import { diagnose, keyKind, loadAuthenticode, readEfi, rollbackLines, systemFacts } from "../../compiler/index.ts";
import { timeOf } from "../adapters/source-date.ts";
import { readRegularFile } from "../adapters/files.ts";
import { digest } from "../adapters/host.ts";
import { readPublicKey } from "../keys/public-key.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { holdsCertificates, readCertificates, rsaVerify } from "../keys/certificate.ts";
import type { Proof } from "./proof.ts";

/** Proves a PE whole and signed, from a public key or a certificate: the file `trusted`. */
export async function verifyEfi(
  { file, bytes, pe }: { readonly file: string; readonly bytes: Uint8Array; readonly pe: PeFile },
  trusted: string,
  surroundings: Surroundings,
): Promise<Proof> {
  const read = readEfi(bytes);
  if (read.kind === "broken") return { diagnostics: [diagnose("XI6102", { file, reason: read.reason })] };
  const { value: anchor, diagnostics } = await readAnchor(trusted, surroundings);
  if (anchor === undefined) return { diagnostics };
  const { value: now, diagnostics: timeless } = timeOf(surroundings);
  if (now === undefined) return { diagnostics: timeless };
  const { describePeTrust, readPeSignature, verifyPe } = await loadAuthenticode();
  const signature = readPeSignature(bytes, pe);
  const proof = verifyPe(bytes, pe, signature, digest, { anchor, verify: rsaVerify, now });
  const rollbackIndex = read.kind === "efi" ? systemFacts(read.efi.tree).rollbackIndex : undefined;
  const trust =
    describePeTrust(pe, proof.chain) +
    (read.kind === "efi"
      ? "the device tree inside describes the modules inside, and no others\n" +
        rollbackLines(rollbackIndex ?? 0)
          .map((line) => `${line}\n`)
          .join("")
      : "another program made it\n");
  return { trust, diagnostics: proof.diagnostics, ...(rollbackIndex !== undefined && { rollbackIndex }) };
}

/** What is trusted: the first certificate of a file, or its public key. */
async function readAnchor(file: string, { cwd }: Surroundings): Promise<Outcome<Anchor>> {
  const text = await readRegularFile(resolve(cwd, file)).then(
    (bytes) => new TextDecoder("latin1").decode(bytes.subarray(0, 2 ** 16)),
    () => "",
  );
  if (!holdsCertificates(text)) {
    const { value, diagnostics } = await readPublicKey(file, cwd);
    if (value === undefined) return { diagnostics };
    return value.key.kind === "rsa"
      ? { value: { key: value.key }, diagnostics: [] }
      : { diagnostics: [diagnose("XI6234", { key: value.name, kind: keyKind(value.key) })] };
  }
  const { value: [certificate, ...more] = [], diagnostics } = await readCertificates(file, cwd);
  if (certificate === undefined) return { diagnostics };
  const refuse = (reason: string): Outcome<never> => ({ diagnostics: [diagnose("XI6230", { file, reason })] });
  if (more.length > 0) return refuse("it holds several, and one has to be trusted");
  if (certificate.key === undefined) return refuse("its key is not RSA's");
  return { value: { key: certificate.key, certificate }, diagnostics: [] };
}
