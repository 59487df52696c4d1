import { consumerCheck } from "../phandle-args.ts";

export const mboxesProperty = consumerCheck("mboxes", "mboxes", "#mbox-cells");
