export type { Origins, Position, SourceFile, SourceSpan, Span, TakenComment, Trail } from "./span.ts";
export { locate, positionOf } from "./span.ts";
export type {
  Comments,
  DeviceTree,
  Label,
  LabelMarker,
  Marker,
  Node,
  PathMarker,
  PhandleMarker,
  Property,
  Reference,
  Reservation,
  TypeMarker,
  Value,
  ValueType,
} from "./tree.ts";
export type { CheckName, Diagnostic, DiagnosticCode, Result } from "./diagnostic.ts";

export type { BlobError, BlobErrorCode } from "./blob/error.ts";
export { decode } from "./blob/decode.ts";
export type { EncodeOptions } from "./blob/encode.ts";
export type { Version } from "./blob/format.ts";
export { encode, encodePieces } from "./blob/encode.ts";
export type { IncludeResolver } from "./parse/include.ts";
export type { BinaryResolver, ParseOptions } from "./parse/options.ts";
export { parse, readSource } from "./parse/parse.ts";
export type { Defines, PreprocessOptions } from "./preprocess/preprocess.ts";
export { preprocess } from "./preprocess/preprocess.ts";
export type { PrintOptions } from "./print/print.ts";
export { PrintError } from "./print/output.ts";
export { print } from "./print/print.ts";
export { addFixups } from "./resolve/fixups.ts";
export type { PhandleFormat } from "./resolve/phandles.ts";
export { addAliases, addSymbols } from "./resolve/symbols.ts";
export { resolveReferences } from "./resolve/resolve.ts";

export { applyOverlay } from "./overlay/apply.ts";
export type { OverlayError } from "./overlay/error.ts";
export { restoreOverlay } from "./overlay/restore.ts";
export type { NodeParts, TreeParts } from "./build.ts";
export { deviceTree, node, property, reservation } from "./build.ts";
export type { PhandleRef } from "./value.ts";
export { bytes, cells, cells64, concat, empty, path, raw, ref, strings, u64 } from "./value.ts";
export { readCell, readCells, readString, readStrings, readU64s } from "./read.ts";
export type { Located } from "./find.ts";
export {
  baseName,
  findByLabel,
  findByPath,
  findByPhandle,
  findChild,
  findNode,
  getProperty,
  phandleOf,
  walk,
} from "./find.ts";
export { addNode, allocatePhandle, removeNode, removeProperty, setProperty, updateNode } from "./edit.ts";

export type { Access, AccessError, AccessErrorCode } from "./access/answer.ts";
export type { Interrupt } from "./access/interrupts.ts";
export { interruptParent, readInterrupts } from "./access/interrupts.ts";
export { followNexus } from "./access/nexus.ts";
export type { PhandleEntry, Specifier } from "./access/phandles.ts";
export { readPhandles } from "./access/phandles.ts";
export type { Range, RangesName } from "./access/ranges.ts";
export { readRanges } from "./access/ranges.ts";
export type { RegEntry } from "./access/reg.ts";
export { readReg } from "./access/reg.ts";
export { routeInterrupt } from "./access/route.ts";
export type { Stretch } from "./access/translate.ts";
export { translate, translateReg } from "./access/translate.ts";

export type { Change } from "./diff/change.ts";
export type { DiffOptions } from "./diff/diff.ts";
export { diffTrees } from "./diff/diff.ts";
export type { Compare } from "./diff/same.ts";
export { mergeTrees } from "./merge.ts";
export type { TextEdit } from "./update/text.ts";
export type { SourceUpdate } from "./update/update.ts";
export { updateSource } from "./update/update.ts";
