/** Sets this machine up: `node scripts/setup.mjs [demo|test]`, "test" being everything. */
import { setUp } from "./lib/setup.mjs";
import { start } from "./lib/shell.mjs";

await start(async () => {
  const scope = process.argv[2] ?? "test";
  if (scope !== "demo" && scope !== "test") {
    console.error(`usage: node scripts/setup.mjs [demo|test]`);
    return 2;
  }
  await setUp(scope);
  console.log("set-up: ready");
  return 0;
});
