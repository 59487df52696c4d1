import type { PlacedSystem } from "../../ir/placed.ts";
import type { Rule } from "../rule.ts";
import { deviceOverGuest } from "./device-over-guest.ts";
import { imageOverLoader } from "./image-over-loader.ts";
import { kernelBeyondBank } from "./kernel-beyond-bank.ts";
import { kernelOverruns } from "./kernel-overruns.ts";
import { nothingLeftOver } from "./nothing-left-over.ts";
import { sharedMemoryOutOfReach } from "./shared-memory-out-of-reach.ts";
import { sharedMemoryOverGuest } from "./shared-memory-over-guest.ts";
import { storeTooLarge } from "./store-too-large.ts";

/** Every rule that needs to know where LAYOUT put things, in the order of their names. */
export const placedRules: readonly Rule<PlacedSystem>[] = [
  deviceOverGuest,
  imageOverLoader,
  kernelBeyondBank,
  kernelOverruns,
  nothingLeftOver,
  sharedMemoryOutOfReach,
  sharedMemoryOverGuest,
  storeTooLarge,
];
