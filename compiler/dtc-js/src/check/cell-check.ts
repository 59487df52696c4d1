import type { CheckName } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import { nodeCheck, type Check } from "./check.ts";

/** A property that is one cell wherever it stands. */
export const cellCheck = (check: CheckName, property: string): Check =>
  nodeCheck(
    check,
    (entry, judge) => {
      const found = getProperty(entry.node, property);
      if (found && found.value.bytes.length !== 4) judge.fail(entry, "property is not a single cell", found);
    },
    { property },
  );
