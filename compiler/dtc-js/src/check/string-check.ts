import type { CheckName } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import type { Value } from "../tree.ts";
import { nodeCheck, type Check } from "./check.ts";

/** Exactly one string: one NUL, at the end. */
export const isString = ({ bytes }: Value): boolean => bytes.length > 0 && bytes.indexOf(0) === bytes.length - 1;

/** Strings one after the other: a NUL at the end. */
export const isStringList = ({ bytes }: Value): boolean => bytes.length === 0 || bytes.at(-1) === 0;

/** A property that is one string wherever it stands. */
export const stringCheck = (check: CheckName, property: string): Check =>
  nodeCheck(
    check,
    (entry, judge) => {
      const found = getProperty(entry.node, property);
      if (found && !isString(found.value)) judge.fail(entry, "property is not a string", found);
    },
    { property },
  );
