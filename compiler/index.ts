/** What `import … from "xenimg"` gives: the language of `board.ts`, and the compiler behind it. */
export { GiB, KiB, MiB, alignUp, formatSize, hex, parseSize } from "./base/units.ts";
export type { ByteSize, GuestAddr, PhysAddr } from "./base/units.ts";
export { printable, quoted, shortened } from "./base/printable.ts";
export type { Range } from "./base/ranges.ts";
export { nearest } from "./base/suggest.ts";
export { InvariantError } from "./base/invariant.ts";

export { defineSystem } from "./config/define.ts";
export type { ParameterDefaults, ParameterizedSystem, Parameters, ParametersOf } from "./config/define.ts";
export type { DomainOptionsInput, GrantsInput } from "./config/input-options.ts";
export type { BlockInput, ConsoleInput, NetInput, NinePInput, PvInput } from "./config/input-pv.ts";
export type {
  AddressInput,
  BoardInput,
  DomainInput,
  EventChannelInput,
  HypervisorInput,
  PoolInput,
  PortInput,
  RegionInput,
  Scheduler,
  SharedMemoryInput,
  SizeInput,
  SystemInput,
} from "./config/input.ts";

export type { DifferenceFormat } from "./diff/diff.ts";

export { catalogue, diagnose } from "./diagnostics/catalogue.ts";
export type { Code, ParamsOf } from "./diagnostics/catalogue.ts";
export type { ConfigPath, Diagnostic, Label, Outcome, Severity, SourceSpan } from "./diagnostics/diagnostic.ts";
export { boardDevices } from "./resolve/passthrough/list.ts";
export type { BoardDevice } from "./resolve/passthrough/list.ts";
export { fixed, fixesOf } from "./diagnostics/fix.ts";
export { renderers } from "./diagnostics/render/index.ts";
export type { DiagnosticFormat, RenderContext } from "./diagnostics/render/index.ts";

export type { Artifact, Piece } from "./ir/artifact.ts";
export { manifestFiles } from "./ir/manifest.ts";
export { pieceLength } from "./ir/artifact.ts";
export type { Board, QemuMachine } from "./ir/board.ts";
export type { PlacedDomain, PlacedModule, PlacedSystem, Region } from "./ir/placed.ts";
export { formatTarget, xenVersions } from "./ir/target.ts";
export type { Target, XenVersion } from "./ir/target.ts";

export type { Exported, ExportRequest } from "./export/request.ts";
export {
  check,
  compile,
  compileTogether,
  diff,
  emulation,
  exportSystem,
  loadAuthenticode,
  preload,
  trace,
} from "./driver/entry.ts";
export { importSystem } from "./import/entry.ts";
export type { ImportedFile } from "./import/request.ts";
export type { ProfileCall } from "./import/system.ts";

export { locate } from "./driver/locate.ts";
export { ecdsaFromDer } from "./codecs/ecdsa-signature.ts";
export { leastAlign, mostAlign } from "./codecs/fit/external.ts";
export { hashAlgorithms } from "./ir/host.ts";
export type { Digest, FileAnswer, HashAlgorithm, Host } from "./ir/host.ts";
export { ecBits, keyKind, rsaPaddings, rsaSizes, signatureSize } from "./ir/signer.ts";
export type { EcCurve, PublicKey, RsaPadding, RsaSize, Signer, VerifyingKey } from "./ir/signer.ts";
export type { PeFile } from "./codecs/pe/read.ts";
export { readPe } from "./codecs/pe/read.ts";
export type { Part } from "./driver/parts.ts";
export { partsOf, unwritableName } from "./driver/parts.ts";
export type { Certificate } from "./codecs/x509/certificate.ts";
export type { Anchor, RsaVerify } from "./codecs/x509/chain.ts";
export type { RawImage, RawRead } from "./pack/raw/read.ts";
export { describeRaw, readRaw } from "./pack/raw/read.ts";
export { diskImage } from "./pack/disk/disk.ts";
export { requiredKeys, withUbootKey } from "./sign/uboot-key.ts";
export type { ProvenFile } from "./verify/disk/describe.ts";
export { describeDisk, describeDiskTrust } from "./verify/disk/describe.ts";
export type { Disk } from "./verify/disk/read.ts";
export { readDisk } from "./verify/disk/read.ts";
export { listedFiles, strayByte, wrongFiles } from "./verify/disk/verify.ts";
export { describeFit, describeTrust, rollbackIndexOf } from "./verify/fit/describe.ts";
export { describeForeignFit } from "./verify/fit/foreign.ts";
export { readFit } from "./verify/fit/read.ts";
export { verifyFit } from "./verify/fit/verify.ts";
export type { FoundFile } from "./verify/manifest/files.ts";
export { rollbackLines, tooOld } from "./verify/rollback.ts";
export { systemFacts } from "./verify/system-facts.ts";
export { describeManifestTrust, wrongOutputs } from "./verify/manifest/files.ts";
export { readManifest } from "./verify/manifest/read.ts";
export { signatureOf as manifestSignature } from "./verify/manifest/signature.ts";
export { describeRawTrust, verifyRaw } from "./verify/raw/verify.ts";
export { describeEfi, describePe } from "./verify/pe/describe.ts";
export { readEfi } from "./verify/pe/read.ts";
export { imageFormats } from "./driver/request.ts";
export type { CompileRequest, ImageFormat, ImageRequest } from "./driver/request.ts";
export type { CheckResult, CompileResult, TogetherResult } from "./driver/result.ts";
