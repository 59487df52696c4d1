import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hostFor } from "./host.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-host-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("the compiler's view of the files", () => {
  const host = hostFor(join(folder, "board.ts"));

  it("reads what lies beside the configuration", async () => {
    writeFileSync(join(folder, "Image"), "kernel");
    expect(await host.readFile("Image")).toEqual({ kind: "ok", bytes: Buffer.from("kernel") });
    expect(await host.readFile("nowhere")).toEqual({ kind: "missing" });
    expect(await host.readFile(".")).toEqual({ kind: "unreadable", reason: "it is a folder" });
  });

  it("does not wait for what has no end", async () => {
    expect(await host.readFile("/dev/zero")).toEqual({ kind: "unreadable", reason: "it is no regular file" });
  });
});
