import type { CheckName } from "../../diagnostic.ts";
import { getProperty } from "../../find.ts";
import type { Value } from "../../tree.ts";
import { nodeCheck, type Check } from "../check.ts";

/** Exactly one string: one NUL, at the end. */
export const isString = ({ bytes }: Value): boolean => bytes.length > 0 && bytes.indexOf(0) === bytes.length - 1;

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

export const deviceTypeIsString = stringCheck("device_type_is_string", "device_type");
export const modelIsString = stringCheck("model_is_string", "model");
export const statusIsString = stringCheck("status_is_string", "status");
export const labelIsString = stringCheck("label_is_string", "label");
