import { rangesCheck } from "../ranges-check.ts";

export const rangesFormat = rangesCheck("ranges_format", "ranges");
