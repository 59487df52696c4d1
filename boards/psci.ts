import { cells, node, property, strings } from "dtc-js";

/** What QEMU's machines say of PSCI: the function numbers of 0.2 (Arm DEN 0022). With EL2 on, QEMU itself answers SMC. */
export const psci = node("psci", {
  properties: [
    property("migrate", cells(0xc400_0005)),
    property("cpu_on", cells(0xc400_0003)),
    property("cpu_off", cells(0x8400_0002)),
    property("cpu_suspend", cells(0xc400_0001)),
    property("method", strings("smc")),
    property("compatible", strings("arm,psci-1.0", "arm,psci-0.2", "arm,psci")),
  ],
});
