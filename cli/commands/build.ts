import { basename, join, relative, resolve } from "node:path";
import type {
  CompileRequest,
  Diagnostic,
  HashAlgorithm,
  ImageFormat,
  ImageRequest,
  Outcome,
  RsaPadding,
} from "../../compiler/index.ts";
import { compile, compileTogether, diagnose, keyKind, leastAlign, quoted } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile, writeFileWhole } from "../adapters/files.ts";
import { sourceDateEpoch } from "../adapters/source-date.ts";
import { hostFor } from "../adapters/host.ts";
import type { SignerOptions } from "../keys/signer.ts";
import { certificatesOf } from "../keys/certificate.ts";
import { openSigner } from "../keys/signer.ts";
import { writeOutputFolder } from "../adapters/output-folder.ts";
import { efiStub } from "../adapters/package.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { listOf } from "./listing.ts";
import { lockFileOf, readSystem, refuse, report, withoutHypervisor } from "./system.ts";
import type { SystemOptions } from "./system.ts";

export interface BuildOptions extends SystemOptions, SignerOptions {
  readonly output?: string;
  readonly format?: readonly ImageFormat[];
  /** Left out: SHA-256. */
  readonly hash?: HashAlgorithm;
  /** Of RSA signatures. Left out: PKCS #1 v1.5. */
  readonly padding?: RsaPadding;
  /** The signer's certificate and its issuers', for image.efi. */
  readonly cert?: string;
  readonly release?: boolean;
  /** How boot.scr loads; left out: from the device it is on. */
  readonly load?: string;
  /** The FIT's files lie behind its tree. */
  readonly externalData?: boolean;
  /** In bytes, a power of two. Left out: 4, as mkimage does. */
  readonly dataAlign?: number;
  /** Of the first file, in bytes from the start of image.itb. Left out: right behind the tree. */
  readonly dataPosition?: number;
}

/** Checks, places, links, and writes the output folder. */
export async function build(
  [config = "", ...more]: readonly string[],
  options: BuildOptions,
  surroundings: Surroundings,
): Promise<number> {
  const missing = withoutHypervisor(options);
  if (missing.length > 0) return report(missing, "pretty", surroundings);
  if (more.length > 0) return buildTogether([config, ...more], options, surroundings);
  const { value: request, diagnostics } = await readSystem(config, options, surroundings);
  if (request === undefined) return report(diagnostics, "pretty", surroundings);
  const { file } = request.config;
  const { value: images, diagnostics: unsignable } = await imagesOf(options, surroundings);
  if (images === undefined) return report(unsignable, "pretty", surroundings);
  const { artifacts, lock, diagnostics: found } = await compile(hostFor(file), { ...request, images });
  if (artifacts === undefined) return refuse(found, surroundings);
  const folder = resolve(surroundings.cwd, options.output ?? join("build", request.name));
  const shown = relative(surroundings.cwd, folder) || ".";
  const obstacles = await writeOutputFolder(folder, artifacts, shown);
  if (obstacles.length > 0) return report([...found, ...obstacles], "pretty", surroundings);
  const unlocked = lock === undefined || lock === request.lock ? [] : await writeFileWhole(lockFileOf(file), lock);
  const exitCode = report([...found, ...unlocked], "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(listOf(artifacts, shown));
  return exitCode;
}

/** The same of several systems, which are configurations of one FIT. */
async function buildTogether(
  configs: readonly string[],
  options: BuildOptions,
  surroundings: Surroundings,
): Promise<number> {
  const formats = options.format ?? ["raw"];
  const alone =
    formats.find((format) => format !== "fit" && format !== "disk") ?? (formats.includes("fit") ? undefined : "disk");
  if (alone !== undefined) return report([diagnose("XI6042", { format: alone })], "pretty", surroundings);
  const requests: CompileRequest[] = [];
  const unread: Diagnostic[] = [];
  for (const config of configs) {
    const { value, diagnostics } = await readSystem(config, options, surroundings);
    unread.push(...diagnostics);
    if (value) requests.push(value);
  }
  const [first] = requests;
  if (first === undefined || requests.length < configs.length) return report(unread, "pretty", surroundings);
  const { value: images, diagnostics: unsignable } = await imagesOf(options, surroundings);
  if (images === undefined) return report(unsignable, "pretty", surroundings);
  const compiled = await compileTogether(
    requests.map((request) => ({ host: hostFor(request.config.file), request: { ...request, images } })),
  );
  const { artifacts, locks, diagnostics: found } = compiled;
  if (artifacts === undefined) return refuse(found, surroundings);
  const folder = resolve(surroundings.cwd, options.output ?? join("build", first.name));
  const shown = relative(surroundings.cwd, folder) || ".";
  const obstacles = await writeOutputFolder(folder, artifacts, shown);
  if (obstacles.length > 0) return report([...found, ...obstacles], "pretty", surroundings);
  const exitCode = report([...found, ...(await writeLocks(requests, locks))], "pretty", surroundings);
  if (exitCode === 0) surroundings.stdout(listOf(artifacts, shown));
  return exitCode;
}

/** Of systems in one folder the last one's lock has what all of them want to keep. */
async function writeLocks(
  requests: readonly CompileRequest[],
  locks: readonly (string | undefined)[],
): Promise<readonly Diagnostic[]> {
  const texts = new Map<string, { readonly before: string | undefined; readonly after: string }>();
  for (const [index, { config, lock }] of requests.entries()) {
    const after = locks[index];
    if (after !== undefined) texts.set(lockFileOf(config.file), { before: lock, after });
  }
  const failures: Diagnostic[] = [];
  for (const [file, { before, after }] of texts)
    if (after !== before) failures.push(...(await writeFileWhole(file, after)));
  return failures;
}

/** What is asked for, who signs it, and what it is made with. */
async function imagesOf(options: BuildOptions, surroundings: Surroundings): Promise<Outcome<ImageRequest>> {
  const asked = await requestOf(options, surroundings);
  if (asked.value?.formats.includes("uefi") !== true) return asked;
  const { value: stub, diagnostics } = await readStub();
  return stub === undefined ? { diagnostics } : { ...asked, value: { ...asked.value, ...stub } };
}

/** What is asked for, and who signs it. */
async function requestOf(options: BuildOptions, surroundings: Surroundings): Promise<Outcome<ImageRequest>> {
  const { format: formats = ["raw"], hash: asked, sign, cert, padding, release, load } = options;
  const refuse = (option: string, problem: string): Outcome<never> => ({
    diagnostics: [diagnose("XI6013", { option, problem })],
  });
  const hash = asked ?? "sha256";
  if (sign !== undefined && formats.includes("uefi") && cert === undefined)
    return refuse(
      "--sign",
      "wants --cert CERT for image.efi, such as the NAME.crt of keygen: firmware trusts certificates",
    );
  if (cert !== undefined && !formats.includes("uefi")) return refuse("--cert", "means nothing without --format uefi");
  if (asked !== undefined && !formats.includes("fit")) return refuse("--hash", "hashes nothing without --format fit");
  if (release === true && sign === undefined) return refuse("--release", "signs nothing without --sign KEY");
  if (release === true && formats.includes("raw"))
    return refuse("--release", "leaves image.bin of --format raw unsigned");
  if (release === true && formats.includes("script"))
    return refuse("--release", "leaves the files of --format script unsigned");
  for (const [option, given] of Object.entries(signingOptions(options)))
    if (given !== undefined && sign === undefined) return refuse(option, "signs nothing without --sign KEY");
  for (const [option, given] of Object.entries(dataOptions(options)))
    if (given !== undefined && !formats.includes("fit")) return refuse(option, "places nothing without --format fit");
  const unloadable = loadProblem(load, formats);
  if (unloadable !== undefined) return { diagnostics: [diagnose("XI6304", { problem: unloadable })] };
  const { value: epoch, diagnostics: timeless } = sourceDateEpoch(surroundings);
  if (timeless.length > 0) return { diagnostics: timeless };
  const asRequested = {
    formats,
    hash,
    ...placementOf(options),
    ...(load !== undefined && { load }),
    ...(epoch !== undefined && { epoch }),
  };
  if (sign === undefined) return { value: asRequested, diagnostics: [] };
  const { value: signer, diagnostics } = await openSigner({ ...options, sign }, surroundings);
  if (signer === undefined) return { diagnostics };
  if (padding !== undefined && signer.key.kind !== "rsa") {
    const kind = keyKind(signer.key);
    return { diagnostics: [diagnose("XI6020", { option: `--padding ${padding}`, key: signer.name, kind })] };
  }
  if (signer.development && release === true) return { diagnostics: [diagnose("XI6016", { file: sign })] };
  const signing = { ...asRequested, signer, ...(padding && { padding }) };
  if (cert === undefined) return { value: signing, diagnostics };
  const { value: certificates, diagnostics: unusable } = await certificatesOf(cert, signer, surroundings);
  if (certificates === undefined) return { diagnostics: unusable };
  if (release === true && certificates.some(({ development }) => development))
    return { diagnostics: [diagnose("XI6016", { file: cert })] };
  return { value: { ...signing, certificates: certificates.map(({ der }) => der) }, diagnostics };
}

function loadProblem(load: string | undefined, formats: readonly ImageFormat[]): string | undefined {
  if (load === undefined) return undefined;
  if (!formats.includes("script")) return "loads nothing without --format script";
  // A line end would begin another command.
  return /^\P{Cc}*\S\P{Cc}*$/u.test(load) ? undefined : `takes one line of text, not ${quoted(load)}`;
}

/** The package's own. */
async function readStub(): Promise<Outcome<Pick<ImageRequest, "efiStub">>> {
  const path = basename(efiStub);
  try {
    return { value: { efiStub: { path, bytes: await readRegularFile(efiStub) } }, diagnostics: [] };
  } catch (error) {
    return { diagnostics: [diagnose("XI6201", { path, reason: reasonOf(error) })] };
  }
}

/** Any of the three puts the files behind the tree. */
const dataOptions = (options: BuildOptions): Readonly<Record<string, unknown>> => ({
  "--external-data": options.externalData,
  "--data-align": options.dataAlign,
  "--data-position": options.dataPosition,
});

const placementOf = (options: BuildOptions): Pick<ImageRequest, "external"> =>
  Object.values(dataOptions(options)).every((given) => given === undefined)
    ? {}
    : {
        external: {
          align: options.dataAlign ?? leastAlign,
          ...(options.dataPosition !== undefined && { position: options.dataPosition }),
        },
      };

/** What says how to sign, and means nothing where nobody does. */
const signingOptions = (options: BuildOptions): Readonly<Record<string, string | undefined>> => ({
  "--cert": options.cert,
  "--sign-command": options.signCommand,
  "--passphrase-file": options.passphraseFile,
  "--padding": options.padding,
});
