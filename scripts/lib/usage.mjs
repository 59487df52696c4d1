/** Preloaded (`node --import`) into a program: what it has used, as JSON, in the file that USAGE_FILE names. */
import { writeFileSync } from "node:fs";

const file = process.env["USAGE_FILE"];
// What the program starts itself leaves the file alone.
delete process.env["USAGE_FILE"];
process.once("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakBytes: maxRSS * 1024 }));
});
