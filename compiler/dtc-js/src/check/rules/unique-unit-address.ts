import { unitAddressCheck } from "../unit-address-check.ts";

/** No two devices at one address of one bus. */
export const uniqueUnitAddress = unitAddressCheck("unique_unit_address", "warning", () => true);
