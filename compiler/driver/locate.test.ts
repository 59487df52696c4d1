import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import { checkSystem, twoDomains } from "../testing/system.ts";

describe("the same mistake in each item of a list", () => {
  const named = (count: number) => {
    const passthrough = Array.from({ length: count }, () => "/pl031@9010000");
    return checkSystem({ ...twoDomains, domains: { ui: { kernel: "Image", memory: MiB(64), passthrough } } });
  };

  it("is shown a thousand times, and then that there are more", async () => {
    const { diagnostics } = await named(3000);
    expect(diagnostics.filter(({ code }) => code === "XI3303")).toHaveLength(1000);
    expect(diagnostics.filter(({ code }) => code === "XI4760").map(({ message }) => message)).toEqual([
      "XI3303 comes up more often than 1000 times; no more are shown",
    ]);
    const all = (await named(1001)).diagnostics.map(({ code }) => code);
    expect(all.filter((code) => code === "XI3303")).toHaveLength(1000);
    expect(all).not.toContain("XI4760");
  });
});
