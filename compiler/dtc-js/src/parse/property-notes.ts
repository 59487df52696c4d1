import type { Label, Property } from "../tree.ts";
import { DraftLabels } from "./draft-labels.ts";
import type { DraftProperty } from "./draft-property.ts";

/** What is known of properties while a source is read, and is not in the tree: of most, nothing. */
export class PropertyNotes {
  readonly #deleted = new Set<DraftProperty>();
  readonly #labels = new Map<DraftProperty, DraftLabels>();

  addLabels(property: DraftProperty, labels: readonly Label[]): void {
    if (labels.length === 0) return;
    const own = this.#labels.get(property) ?? new DraftLabels();
    for (const label of labels) own.add(label);
    this.#labels.set(property, own);
  }

  /** All that were ever added, newest first. */
  labelsOf(property: DraftProperty): readonly Label[] {
    return this.#labels.get(property)?.all() ?? [];
  }

  isDeleted(property: DraftProperty): boolean {
    return this.#deleted.has(property);
  }

  /** With its labels, which come back one by one. */
  delete(property: DraftProperty): void {
    this.#deleted.add(property);
    this.#labels.get(property)?.delete();
  }

  restore(property: DraftProperty): void {
    this.#deleted.delete(property);
  }

  /** What is left in the end, with its labels. */
  finish(properties: readonly DraftProperty[]): readonly Property[] {
    if (this.#labels.size > 0) {
      for (const property of properties) property.labels = this.#labels.get(property)?.freeze() ?? property.labels;
    }
    return properties.some((each) => this.isDeleted(each))
      ? properties.filter((each) => !this.isDeleted(each))
      : properties;
  }
}
