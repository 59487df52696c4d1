import { getProperty } from "../../find.ts";
import { stringsOf } from "../cells.ts";
import { unitAddressCheck } from "../unit-address-check.ts";

/** The same, of those that are not disabled: two drivers for one device are a choice. */
export const uniqueUnitAddressIfEnabled = unitAddressCheck(
  "unique_unit_address_if_enabled",
  "off",
  ({ node }) => stringsOf(getProperty(node, "status"))[0] !== "disabled",
);
