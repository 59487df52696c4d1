import { expect, it } from "vitest";
import * as boards from "./index.ts";
import { profiles } from "./profiles.ts";

it("the list names every profile that a configuration can import", () => {
  expect(profiles.map(({ use }) => use.replace(/\(.*/, ""))).toEqual(Object.keys(boards));
});
