import type { Label } from "../tree.ts";

interface DraftLabel {
  readonly label: Label;
  deleted: boolean;
}

const none: readonly Label[] = [];

/** The labels of one node or property while the tree is being read. Most have none, and some have very many. */
export class DraftLabels {
  /** Oldest first. */
  #byName: Map<string, DraftLabel> | undefined;

  /** New labels go to the front, as in dtc; one that was deleted comes back where it was. */
  add(label: Label): void {
    this.#byName ??= new Map();
    const known = this.#byName.get(label.name);
    if (known) known.deleted = false;
    else this.#byName.set(label.name, { label, deleted: false });
  }

  carries(name: string): boolean {
    return this.#byName?.get(name)?.deleted === false;
  }

  delete(): void {
    for (const each of this.#byName?.values() ?? []) each.deleted = true;
  }

  /** All that were ever added, newest first. */
  all(): readonly Label[] {
    return this.#byName ? Array.from(this.#byName.values(), ({ label }) => label).reverse() : none;
  }

  /** What is left in the end, newest first. */
  freeze(): readonly Label[] {
    return this.#byName
      ? this.all()
          .filter(({ name }) => this.carries(name))
          .slice()
      : none;
  }
}
