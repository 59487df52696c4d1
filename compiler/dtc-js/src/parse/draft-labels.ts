import type { Label } from "../tree.ts";

interface DraftLabel {
  readonly label: Label;
  /** After how many deletions it was last added. */
  since: number;
}

const none: readonly Label[] = [];

/** The labels of one node or property while the tree is being read. Most have none or one, and some have very many. */
export class DraftLabels {
  #oldest: DraftLabel | undefined;
  /** By name, oldest first. */
  #others: Map<string, DraftLabel> | undefined;
  /** Each ends all labels of before; they are not gone through, as they may be many and so may be the deletions. */
  #deletions = 0;

  /** New labels go to the front, as in dtc; one that was deleted comes back where it was. */
  add(label: Label): void {
    const known = this.#find(label.name);
    const since = this.#deletions;
    if (known) known.since = since;
    else if (!this.#oldest) this.#oldest = { label, since };
    else (this.#others ??= new Map()).set(label.name, { label, since });
  }

  carries(name: string): boolean {
    return this.#find(name)?.since === this.#deletions;
  }

  delete(): void {
    this.#deletions++;
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
