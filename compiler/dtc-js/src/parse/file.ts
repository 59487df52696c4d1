import type { Span } from "../span.ts";
import type { Label, Marker, Reference, Reservation } from "../tree.ts";
import { strings, UNRESOLVED_PHANDLE } from "../value.ts";
import { putWord } from "../words.ts";
import { endStatement, readBody } from "./body.ts";
import { Char, END } from "./chars.ts";
import type { ParseContext } from "./context.ts";
import { addChild, addProperty, deleteNode, depthOf, draftNode, type DraftNode } from "./draft.ts";
import { draftProperty, type DraftProperty } from "./draft-property.ts";
import { FatalFault, StatementFault } from "./fault.ts";
import { takeInteger } from "./expression.ts";
import { mergeNodes } from "./merge.ts";
import type { Mark } from "./scanner.ts";
import { expectReference, hintAt, takeKeyword, takeLabels, unexpected } from "./tokens.ts";

/** What a whole source adds up to. */
export interface SourceTree {
  readonly root: DraftNode;
  readonly reservations: readonly Reservation[];
}

/** `/dts-v1/;`, reservations, then the root and whatever changes it. */
export function readFile(context: ParseContext): SourceTree | undefined {
  const reader = new FileReader(context);
  context.statement(() => {
    reader.version();
  });
  while (context.scanner.peek() !== END) {
    context.statement(() => {
      reader.statement();
    });
  }
  return reader.finish();
}

class FileReader {
  readonly #context: ParseContext;
  readonly #reservations: Reservation[] = [];
  #root: DraftNode | undefined;
  #fragments = 0;

  constructor(context: ParseContext) {
    this.#context = context;
  }

  version(): void {
    const { scanner } = this.#context;
    const mark = scanner.mark();
    if (takeKeyword(scanner) !== "/dts-v1/") {
      throw new FatalFault("syntax", `a source begins with "/dts-v1/;"${hintAt(scanner)}`, {
        ...scanner.spanFrom(mark),
        end: mark.offset,
      });
    }
    endStatement(this.#context);
    this.#context.plugin = this.#takePlugin();
  }

  /** `/plugin/;`, which belongs to the `/dts-v1/;` in front of it. */
  #takePlugin(): boolean {
    const found = this.#context.scanner.take(/\/plugin\//y) !== undefined;
    if (found) endStatement(this.#context);
    return found;
  }

  /** That of a file that was included, mostly. */
  #furtherHeader(mark: Mark): void {
    const { scanner } = this.#context;
    endStatement(this.#context);
    if (this.#takePlugin() !== this.#context.plugin) {
      this.#context.report("header", "Header flags don't match earlier ones", scanner.spanFrom(mark));
    }
  }

  statement(): void {
    const { scanner } = this.#context;
    const mark = scanner.mark();
    const labels = takeLabels(scanner);
    switch (scanner.peek()) {
      case Char.ampersand:
        this.#addTo(mark, labels);
        break;
      case Char.slash:
        this.#slash(mark, labels);
        break;
      case Char.closeBrace:
        scanner.advance(1);
        scanner.eat(Char.semicolon);
        this.#context.report("syntax", 'this "}" closes nothing', scanner.spanFrom(mark));
        break;
      default:
        throw unexpected(scanner, 'a node ("/ {" or "&label {") or a directive');
    }
  }

  finish(): SourceTree | undefined {
    const { scanner } = this.#context;
    if (!this.#root) {
      this.#context.report("syntax", 'there is no root node, "/ { … };"', scanner.spanHere(0));
      return undefined;
    }
    return { root: this.#root, reservations: this.#reservations };
  }

  #slash(mark: Mark, labels: readonly Label[]): void {
    const { scanner } = this.#context;
    const keyword = takeKeyword(scanner);
    switch (keyword) {
      case undefined:
        this.#rootNode(mark, labels);
        break;
      case "/dts-v1/":
        if (this.#root !== undefined || this.#reservations.length > 0) throw this.#misplaced(keyword, mark);
        this.#furtherHeader(mark);
        break;
      case "/memreserve/":
        if (this.#root) throw this.#misplaced(keyword, mark);
        this.#reserve(mark, labels);
        break;
      case "/delete-node/":
        deleteNode(this.#targetOrNone(), this.#context.notes);
        endStatement(this.#context);
        break;
      case "/omit-if-no-ref/":
        this.#targetOrNone().omitIfNoRef = true;
        endStatement(this.#context);
        break;
      case "/plugin/":
      case "/bits/":
      case "/delete-property/":
      case "/incbin/":
        throw this.#misplaced(keyword, mark);
    }
  }

  #misplaced(keyword: string, mark: Mark): StatementFault {
    return new StatementFault("syntax", `${keyword} cannot stand here`, this.#context.scanner.spanFrom(mark));
  }

  #rootNode(mark: Mark, labels: readonly Label[]): void {
    const { scanner } = this.#context;
    scanner.advance(1);
    const body = draftNode("");
    // dtc refuses labels here, but prints those of the root here, as we do; what is printed can be read.
    for (const label of labels.toReversed()) body.labels.add(label);
    for (const label of labels) this.#context.labels.add(label.name, body);
    const earlier = this.#root;
    this.#root ??= body;
    readBody(this.#context, body, mark, 1);
    if (earlier) mergeNodes(earlier, body, this.#context);
  }

  #reserve(mark: Mark, labels: readonly Label[]): void {
    const { scanner } = this.#context;
    const address = BigInt(takeInteger(scanner));
    const size = BigInt(takeInteger(scanner));
    this.#reservations.push({ labels, address, size, span: scanner.spanFrom(mark) });
    endStatement(this.#context);
  }

  /** `label: &target { … };` */
  #addTo(mark: Mark, labels: readonly Label[]): void {
    const { scanner } = this.#context;
    if (this.#context.plugin) {
      const here = scanner.mark();
      const reference = expectReference(scanner);
      if (reference.indexOf("/") > 0) {
        const message = `Label-relative reference ${reference} not supported in plugin`;
        this.#context.report("unsupported", message, labels[0]?.span ?? scanner.spanFrom(here));
        this.#into(undefined, mark, labels);
        return;
      }
      // Without a label, a path is always one of the tree that is changed.
      const isOwn = labels.length > 0 || !reference.includes("/");
      const target = this.#root && isOwn && this.#context.labels.find(this.#root, reference);
      // As in dtc, nothing of this source can carry the label.
      if (!target && labels.length > 0) {
        this.#missing(reference, here);
        this.#into(undefined, mark, labels);
        return;
      }
      if (!target) {
        this.#fragment(mark, reference);
        return;
      }
      this.#into(target, mark, labels);
      return;
    }
    this.#into(this.#target(), mark, labels);
  }

  #into(target: DraftNode | undefined, mark: Mark, labels: readonly Label[]): void {
    const { scanner } = this.#context;
    if (scanner.peek() !== Char.openBrace) throw unexpected(scanner, '"{"');
    const body = draftNode(target?.name ?? "");
    readBody(this.#context, body, mark, target ? depthOf(target) : 1);
    if (!target) return;
    for (const label of labels) {
      target.labels.add(label);
      this.#context.labels.add(label.name, target);
    }
    mergeNodes(target, body, this.#context);
  }

  /** What an overlay adds to a node that is not its own: `fragment@N { target = <&…>; __overlay__ { … }; };` */
  #fragment(mark: Mark, reference: Reference): void {
    const { scanner } = this.#context;
    const span = scanner.spanFrom(mark);
    if (scanner.peek() !== Char.openBrace) throw unexpected(scanner, '"{"');
    const body = draftNode("__overlay__");
    const fragment = draftNode(`fragment@${this.#fragments++}`);
    addProperty(fragment, targetOf(reference, span));
    addChild(fragment, body);
    this.#root ??= draftNode("");
    addChild(this.#root, fragment);
    // Two levels above it are its fragment and the root.
    readBody(this.#context, body, mark, 3);
    fragment.spans.push(...body.spans);
  }

  /** Where nothing is found, that is reported, and what is done to the node that this gives has no effect. */
  #targetOrNone(): DraftNode {
    return this.#target() ?? draftNode("");
  }

  #missing(reference: Reference, mark: Mark): void {
    const span = this.#context.scanner.spanFrom(mark);
    this.#context.report("missing_target", `Label or path ${reference} not found`, span);
  }

  /** Of the reference that stands here; reported where there is none. */
  #target(): DraftNode | undefined {
    const { scanner, labels } = this.#context;
    const here = scanner.mark();
    const reference = expectReference(scanner);
    const target = this.#root && labels.find(this.#root, reference);
    if (!target) this.#missing(reference, here);
    return target;
  }
}

/** Where a fragment belongs: a label's node gets its phandle later, a path is known. */
function targetOf(reference: Reference, span: Span): DraftProperty {
  if (reference.startsWith("/")) return draftProperty("target-path", strings(reference), span);
  const bytes = new Uint8Array(4);
  putWord(bytes, 0, UNRESOLVED_PHANDLE);
  const markers: readonly Marker[] = [{ kind: "phandle", offset: 0, target: reference, span }];
  return draftProperty("target", { bytes, markers }, span);
}
