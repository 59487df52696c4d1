import { z } from "zod";

/** Text that goes into a device tree: no NUL, no line ends, no other control characters. */
// eslint-disable-next-line no-control-regex -- it is about control characters
export const controlCharacter = /[\u0000-\u001f\u007f]/;
export const text = z.string().refine((value) => !controlCharacter.test(value), { params: { text: true } });
export const filled = text.min(1);
