import type { DomainInput, SystemInput } from "../config/input.ts";

/** A call of a board profile: `qemuVirt({ gic: 3, … })`. */
export interface ProfileCall {
  /** The function's name in "xenimg/boards". */
  readonly profile: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Labels of its CPUs, in the tree's order. */
  readonly cpus: readonly string[];
}

/** A board in words of its own, as `board.ts` has it. */
export interface OwnBoard {
  readonly name: string;
  readonly parameters: Readonly<Record<string, never>>;
  readonly cpus: readonly string[];
  /** Path of its blob. */
  readonly deviceTree: string;
  readonly loadAddress: number;
}

export type ImportedDomain = { -readonly [Field in keyof DomainInput]: DomainInput[Field] };

/** What was imported, in the words of the language. */
export interface ImportedSystem {
  readonly board: ProfileCall | OwnBoard;
  readonly rollbackIndex?: number;
  readonly hypervisor?: SystemInput["hypervisor"];
  readonly cpupools?: SystemInput["cpupools"];
  readonly domains: Readonly<Record<string, DomainInput>>;
  readonly sharedMemory?: SystemInput["sharedMemory"];
  readonly eventChannels?: SystemInput["eventChannels"];
  readonly pv?: SystemInput["pv"];
}
