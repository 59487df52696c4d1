import { nodeCheck } from "../check.ts";

/** For tests of -W and -E. */
export const alwaysFail = nodeCheck(
  "always_fail",
  (entry, judge) => {
    judge.fail(entry, "always_fail check");
  },
  { level: "off" },
);
