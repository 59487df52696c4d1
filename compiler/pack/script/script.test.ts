import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { mkimageScript } from "../../testing/mkimage.ts";
import { scriptImage } from "./script.ts";

const name = fc.stringMatching(/^[ -~]{0,40}$/).filter((text) => !text.startsWith("-"));

test.prop([fc.uint8Array({ minLength: 1, maxLength: 3000 }), name, fc.nat({ max: 0xffff_ffff })], { numRuns: 20 })(
  "boot.scr has the bytes that mkimage makes, with SOURCE_DATE_EPOCH",
  (script, text, time) => {
    const ours = scriptImage(script, { name: text, time });
    expect(Buffer.from(ours).equals(mkimageScript(script, text, time))).toBe(true);
  },
);
