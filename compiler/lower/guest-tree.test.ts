import type { DeviceTree } from "dtc-js";
import { decode, deviceTree, encode, findNode, print } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { DomainInput, SystemInput } from "../config/input.ts";
import { qemuVirt } from "../../boards/index.ts";
import { files, kernelImage, placedSystem, twoDomains } from "../testing/system.ts";
import { guestTree } from "./guest-tree.ts";

/** What was observed of upstream Xen 4.17 in QEMU: Debian's 6.1 kernel, and a ramdisk of 987267 bytes. */
const observed = { kernel: kernelImage(4096, 33_619_968), ramdisk: new Uint8Array(987_267) };
observed.ramdisk.set(files["rootfs.cpio"]);

async function treeOf(domain: Omit<DomainInput, "kernel">, rest: Partial<SystemInput> = {}): Promise<DeviceTree> {
  const domains = { one: { kernel: "Image", ...domain } };
  const table = { ...files, Image: observed.kernel, ramdisk: observed.ramdisk };
  const placed = await placedSystem({ board: twoDomains.board, ...rest, domains }, undefined, table);
  const [one] = placed.domains;
  if (!one) throw new Error("no domain");
  return guestTree(one, placed);
}

function nodeText(tree: DeviceTree, path: string): string {
  const node = findNode(tree, path);
  if (!node) throw new Error(`no ${path} in ${print(tree)}`);
  return print(deviceTree({ children: [node] }))
    .replace(/^[^]*?\{\n\n/, "")
    .replace(/\};\n$/, "");
}

describe("the predicted guest device tree", () => {
  it("is upstream's, property by property", async () => {
    const tree = await treeOf({ memory: "512MiB", bootargs: "console=ttyAMA0 facts", ramdisk: "ramdisk" });
    expect(print(tree)).toMatchInlineSnapshot(`
      "/dts-v1/;

      / {
      	#address-cells = <0x02>;
      	#size-cells = <0x02>;

      	chosen {
      		bootargs = "console=ttyAMA0 facts";
      		linux,initrd-start = <0x00 0x48200000>;
      		linux,initrd-end = <0x00 0x482f1083>;
      	};

      	psci {
      		compatible = "arm,psci-1.0", "arm,psci-0.2", "arm,psci";
      		method = "hvc";
      		cpu_off = <0x01>;
      		cpu_on = <0x02>;
      	};

      	cpus {
      		#address-cells = <0x01>;
      		#size-cells = <0x00>;

      		cpu@0 {
      			compatible = "arm,cortex-a57";
      			device_type = "cpu";
      			reg = <0x00>;
      			enable-method = "psci";
      		};
      	};

      	memory@40000000 {
      		device_type = "memory";
      		reg = <0x00 0x40000000 0x00 0x20000000>;
      	};

      	interrupt-controller@3001000 {
      		#address-cells = <0x00>;
      		#interrupt-cells = <0x03>;
      		interrupt-controller;
      		compatible = "arm,gic-v3";
      		reg = <0x00 0x3001000 0x00 0x10000 0x00 0x3020000 0x00 0x1000000>;
      		linux,phandle = <0xfde8>;
      		phandle = <0xfde8>;
      	};

      	timer {
      		compatible = "arm,armv8-timer";
      		interrupts = <0x01 0x0d 0xf08 0x01 0x0e 0xf08 0x01 0x0b 0xf08>;
      		interrupt-parent = <0xfde8>;
      	};

      	sbsa-uart@22000000 {
      		compatible = "arm,sbsa-uart";
      		reg = <0x00 0x22000000 0x00 0x1000>;
      		interrupts = <0x00 0x00 0xf04>;
      		interrupt-parent = <0xfde8>;
      		current-speed = <0x1c200>;
      	};
      };
      "
    `);
  });

  it("puts the ramdisk at the end of a bank that ends soon after 128 MiB", async () => {
    const tree = await treeOf({ memory: "128MiB", ramdisk: "ramdisk" });
    expect(nodeText(tree, "/chosen")).toContain("linux,initrd-start = <0x00 0x47e00000>;");
    expect(nodeText(tree, "/chosen")).toContain("linux,initrd-end = <0x00 0x47ef1083>;");
  });

  it("splits memory beyond 3 GiB", async () => {
    const board = qemuVirt({ gic: 3, cpus: 4, memory: "8GiB" });
    const tree = await treeOf({ memory: "4GiB" }, { board });
    expect(nodeText(tree, "/memory@40000000")).toContain(
      "reg = <0x00 0x40000000 0x00 0xc0000000 0x02 0x00 0x00 0x40000000>;",
    );
  });

  it("names whole free blocks for other domains' pages", async () => {
    const tree = await treeOf({ memory: "257MiB", enhanced: "no-xenstore" });
    expect(nodeText(tree, "/hypervisor")).toMatchInlineSnapshot(`
      "	hypervisor {
      		compatible = "xen,xen-4.17", "xen,xen";
      		reg = <0x00 0x38000000 0x00 0x1000000 0x00 0x50200000 0x00 0xafe00000 0x02 0x00 0xfe 0x00>;
      		interrupts = <0x01 0x0f 0xf08>;
      		interrupt-parent = <0xfde8>;
      	};
      "
    `);
  });

  it("says nothing of an empty command line", async () => {
    expect(nodeText(await treeOf({ memory: "64MiB", bootargs: "" }), "/chosen")).not.toContain("bootargs");
  });

  it("numbers vCPUs in clusters of sixteen", async () => {
    const tree = await treeOf({ memory: "64MiB", cpus: 18 });
    expect(nodeText(tree, "/cpus")).toMatch(/cpu@f \{[^]*cpu@100 \{[^]*reg = <0x101>/);
  });

  it("has the machine's addresses where the domain is direct-mapped", async () => {
    const memory = [{ at: 0x8000_0000, size: "64MiB" }];
    const tree = await treeOf({ memory, directMap: true });
    const names = tree.root.children.map(({ name }) => name);
    expect(names).toEqual([
      "chosen",
      "psci",
      "cpus",
      "memory@80000000",
      "interrupt-controller@8000000",
      "timer",
      "sbsa-uart@9000000",
    ]);
    expect(nodeText(tree, "/sbsa-uart@9000000")).toContain("interrupts = <0x00 0x01 0xf04>;");
  });

  it("has pieces that touch as one bank, but each bank of a direct-mapped domain as it is configured", async () => {
    const memory = [
      { at: 0x8000_0000, size: "64MiB" },
      { at: 0x8400_0000, size: "64MiB" },
    ];
    const [joined, direct] = [await treeOf({ memory }), await treeOf({ memory, directMap: true })];
    expect(nodeText(joined, "/memory@40000000")).toContain("reg = <0x00 0x40000000 0x00 0x8000000>;");
    expect(nodeText(direct, "/memory@80000000")).toContain(
      "reg = <0x00 0x80000000 0x00 0x4000000 0x00 0x84000000 0x00 0x4000000>;",
    );
  });

  it("is the same after a round through the blob", async () => {
    const tree = await treeOf({ memory: "64MiB" });
    const blob = encode(tree);
    const decoded = decode(blob);
    expect(decoded.ok && encode(decoded.value)).toEqual(blob);
  });
});
