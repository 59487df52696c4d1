/** `npm test`: set-up, every check, and the system tests. The last line is the sum of what all runners counted. */
import { checks, longTests, runAll } from "./lib/pipeline.mjs";
import { setUp } from "./lib/setup.mjs";
import { BuildError, start } from "./lib/shell.mjs";

await start(async () => {
  try {
    await setUp("test");
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    console.error(error.message);
    console.log("0 passed, 1 failed");
    return 1;
  }
  return runAll([...checks, ...longTests]);
});
