import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "./adapters/package.ts";

it("ends as it would have, where its reader has seen enough", async () => {
  const child = spawn(process.execPath, [join(packageRoot, "dist", "cli", "bin.js"), "explain", "XI4001"]);
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(stderr).toBe("");
});
