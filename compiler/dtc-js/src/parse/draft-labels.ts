import type { Label } from "../tree.ts";

interface DraftLabel {
  readonly label: Label;
  deleted: boolean;
}

const none: readonly Label[] = [];

/** The labels of one node or property while the tree is being read. Most have none or one, and some have very many. */
export class DraftLabels {
  #oldest: DraftLabel | undefined;
  /** By name, oldest first. */
  #others: Map<string, DraftLabel> | undefined;

  /** New labels go to the front, as in dtc; one that was deleted comes back where it was. */
  add(label: Label): void {
    const known = this.#find(label.name);
    if (known) known.deleted = false;
    else if (!this.#oldest) this.#oldest = { label, deleted: false };
    else (this.#others ??= new Map()).set(label.name, { label, deleted: false });
  }

  carries(name: string): boolean {
    return this.#find(name)?.deleted === false;
  }

  delete(): void {
    if (this.#oldest) this.#oldest.deleted = true;
    for (const each of this.#others?.values() ?? []) each.deleted = true;
  }

  /** All that were ever added, newest first. */
  all(): readonly Label[] {
    if (!this.#oldest) return none;
    if (!this.#others) return [this.#oldest.label];
    return [this.#oldest, ...this.#others.values()].map(({ label }) => label).reverse();
  }

  /** What is left in the end, newest first. */
  freeze(): readonly Label[] {
    const all = this.all();
    return all.every(({ name }) => this.carries(name)) ? all : all.filter(({ name }) => this.carries(name));
  }

  #find(name: string): DraftLabel | undefined {
    return this.#oldest?.label.name === name ? this.#oldest : this.#others?.get(name);
  }
}
