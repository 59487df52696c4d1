import { describe, expect, it } from "vitest";
import { diagnose } from "./catalogue.ts";

describe("a diagnostic", () => {
  it("ends where nobody reads on, however long the names in it are", () => {
    const long = "x".repeat(1_000_000);
    const { message, help } = diagnose("XI6903", { target: long });
    expect([message.length <= 4001, message.endsWith("…")]).toEqual([true, true]);
    expect((help ?? "").length).toBeLessThanOrEqual(4001);
  });

  it("is whole otherwise", () => {
    expect(diagnose("XI6901", { path: "x".repeat(3000), reason: "full" }).message).toMatch(/full$/);
  });
});
