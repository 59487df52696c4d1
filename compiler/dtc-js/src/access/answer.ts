import type { Result } from "../diagnostic.ts";
import type { Located } from "../find.ts";
import { answer, refusal } from "../result.ts";

/** Why a property says nothing that can be used. */
export type AccessErrorCode =
  /** The bytes are no whole number of entries. */
  | "length"
  /** A `#…-cells` is missing, is no cell, or is beyond all reason. */
  | "cells"
  /** A phandle is nobody's. */
  | "phandle"
  /** A reference that `resolveReferences` has not filled, or that waits for an overlay's base. */
  | "unresolved"
  /** Nothing leads further: no `ranges`, no window, no row of a map, no interrupt parent. */
  | "unmapped"
  /** A map leads back to where it began, or through too many nodes. */
  | "loop"
  /** An address does not fit the cells of the bus that it is translated to. */
  | "overflow";

export interface AccessError {
  readonly code: AccessErrorCode;
  /** The node whose property it is. */
  readonly path: string;
  /** The property that is wrong, or that is missing. */
  readonly property: string;
  /** In bytes from the start of the property's value. */
  readonly offset: number;
  readonly message: string;
}

export type Access<T> = Result<T, AccessError>;

export const found = <T>(value: T): Access<T> => answer(value);

export const failed = (
  code: AccessErrorCode,
  at: Located,
  property: string,
  offset: number,
  message: string,
): Access<never> => refusal([{ code, path: at.path, property, offset, message }]);
