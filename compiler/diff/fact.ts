/** One thing that is so in a system. Two systems speak of the same thing where `subject` and `what` are the same. */
export interface Fact {
  /** Whose it is: "domain ui", "pool realtime", "board". */
  readonly subject: string;
  /** What it says something about: "memory", "device /pl031@9010000". */
  readonly what: string;
  /** For people. */
  readonly value: string;
  /** What is compared, where that is less than what people read. */
  readonly identity?: string;
  /** Set where it lets the subject reach what it cannot reach without. */
  readonly right?: true;
  /** Set for what has one owner only: what leaves one subject and comes to another has changed hands. */
  readonly exclusive?: true;
  /** How much of a right it is, where less is narrower. */
  readonly amount?: number;
}

/** A fact whose subject is known from where it stands. */
export type Statement = Omit<Fact, "subject">;
