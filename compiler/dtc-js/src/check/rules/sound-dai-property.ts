import { consumerCheck } from "../phandle-args.ts";

export const soundDaiProperty = consumerCheck("sound_dai", "sound-dai", "#sound-dai-cells");
