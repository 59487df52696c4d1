/** What the schema does not say of a field. */
export interface FieldText {
  /** What it is; `{range}` stands for the schema's least and most. */
  readonly type: string;
  /** What happens where it is left out, beside a default that the schema has; of a required field, what else it must be. */
  readonly otherwise?: string;
  /** The property of the hypervisor's device tree. */
  readonly becomes: string;
  /** Codes of the diagnostics that stop a wrong value. */
  readonly guards?: string;
}

export type Fields = Readonly<Record<string, FieldText>>;

/** One object of the language. */
export interface Section {
  readonly title: string;
  /** Of its heading. */
  readonly level: number;
  /** Where such an object stands, in words with the paths in them; absent for a heading over others. */
  readonly where?: string;
  /** The same as the schema's paths; "" is the whole. */
  readonly paths: readonly string[];
  readonly intro?: string;
  readonly fields: Fields;
}
