/** `npm run demo`: set-up, then two guests on the hypervisor core in QEMU, their consoles labelled by domain. */
import { spawnSync } from "node:child_process";
import { setUp } from "./lib/setup.mjs";
import { root, start } from "./lib/shell.mjs";

await start(async () => {
  await setUp("demo");
  const expects = ["[control] ready: control", "[ui] ready: ui"].flatMap((text) => ["--expect", text]);
  const args = ["dist/cli/bin.js", "run", "examples/two-domains/board.ts", ...expects, "--timeout", "60"];
  console.log(
    `$ xenimg ${args
      .slice(1)
      .map((arg) => (arg.includes(" ") ? JSON.stringify(arg) : arg))
      .join(" ")}`,
  );
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  console.log(status === 0 ? "demo: both guests have reported" : `demo: failed with exit code ${status}`);
  return status ?? 1;
});
