/** `npm run check`: what every commit passes. CI runs exactly this, then the fuzzers and the system tests. */
import { checks, runAll } from "./lib/pipeline.mjs";
import { start } from "./lib/shell.mjs";

await start(() => runAll(checks));
