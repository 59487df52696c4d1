import { consumerCheck } from "../phandle-args.ts";

/** A controller that says nothing takes no argument. */
export const msiParentProperty = consumerCheck("msi_parent", "msi-parent", "#msi-cells", 0);
