import { describe, expect, it } from "vitest";
import type { PvInput } from "../../config/input-pv.ts";
import { importedTogether } from "../testing/request.ts";
import { domain, fields, imported, store, system } from "../testing/xl.ts";

describe("devices of the machine", () => {
  it("are found by the pages of their registers, and bring their interrupts", async () => {
    const lines = 'iomem = [ "0xA0000,1" ]\nirqs = [ 33 ]';
    expect(await fields(lines)).toEqual({ passthrough: ["/uart@a0000000"] });
    expect(await fields(`${lines}\ndtdev = [ "/uart@a0000000" ]`)).toEqual({ passthrough: ["/uart@a0000000"] });
  });

  it.each([
    [
      'iomem = ["b0000,1"]',
      "4:10 XI2207 iomem[0] is not taken over: no device of the board's tree has its registers there",
    ],
    [
      'iomem = ["a0000,1@22000"]',
      "4:10 XI2207 @22000 of iomem[0] is not taken over: a domain sees a device at the machine",
    ],
    // RAM, and half a device, are none.
    ['iomem = ["40000,10"]', "4:10 XI2207 iomem[0] is not taken over: no device"],
    ['iomem = ["a0001,1"]', "4:10 XI2207 iomem[0] is not taken over: no device"],
    [
      "irqs = [33]",
      "4:9 XI2207 irqs[0], 33, is not taken over: interrupts come with their devices, and it is that of /uart@a0000000",
    ],
    ["irqs = [40]", "4:9 XI2207 irqs[0], 40, is not taken over: interrupts come with their devices, and no device"],
    [
      "device_tree='p.dtb'\niomem=['a0000,1']",
      '5:8 XI2207 iomem[0] is not taken over: xen,reg of a node in "p.dtb" is to say so',
    ],
    [
      "device_tree='p.dtb'\nirqs=[33]",
      '5:7 XI2207 irqs[0] is not taken over: xen,path of a node in "p.dtb" is to say whose',
    ],
    [
      "device_tree='p.dtb'\ndtdev=['/uart@a0000000']",
      "4:1 XI2207 device_tree is not taken over: `xenimg build` makes the partial",
    ],
  ])("that are not, or not so, are told: %j", async (lines, expected) => {
    const { text, findings: told } = await imported(domain + lines);
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });
});

describe("devices of another domain", () => {
  const ends = { backend: "store", frontend: "web" };
  it.each<[string, PvInput]>([
    ["vif = ['backend=store']", { kind: "net", ...ends }],
    [
      "vif = ['mac=00:16:3E:00:00:01, bridge = br0 ,backend=store,trusted']",
      { kind: "net", ...ends, mac: "00:16:3E:00:00:01", bridge: "br0" },
    ],
    [
      "p9 = ['tag=share,security_model=none,path=/srv/a=b,backend=store']",
      { kind: "9pfs", ...ends, path: "/srv/a=b", tag: "share" },
    ],
    ["disk = ['/dev/vg/web,,xvda,,backend=store']", { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" }],
    ["disk = ['vg/web,raw,xvda,rw,backend=store']", { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" }],
    [
      "disk = ['backend=store, format=raw, vdev=xvdb, access=ro, target=/srv/a,b=c ']",
      { kind: "block", ...ends, device: "/srv/a,b=c ", name: "xvdb", mode: "r" },
    ],
    ["disk = ['/iso,,hdc,cdrom,backend=store']", { kind: "block", ...ends, device: "/iso", name: "hdc", mode: "r" }],
    [
      "disk = ['/iso,raw,hdc,devtype=cdrom,backend=store']",
      { kind: "block", ...ends, device: "/iso", name: "hdc", mode: "r" },
    ],
    [
      "disk = ['phy:/dev/vg/web,xvda,w,backend=store']",
      { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda" },
    ],
    ["disk = ['/img,,xvda,,,backend=store,']", { kind: "block", ...ends, device: "/img", name: "xvda" }],
    [
      "disk = ['tap:aio:/img,hdc:cdrom,r,backend=store']",
      { kind: "block", ...ends, device: "/img", name: "hdc", mode: "r" },
    ],
    [
      "disk = ['/dev/vg/web,xvda,r,backend=store']",
      { kind: "block", ...ends, device: "/dev/vg/web", name: "xvda", mode: "r" },
    ],
  ])("are links: %j", async (lines, expected) => {
    expect((await system(lines, { "store.cfg": store })).pv).toEqual([expected]);
  });

  it("need Xen's interfaces at both ends", async () => {
    const files = {
      "web.cfg": `${domain}vif=['backend=store']`,
      "store.cfg": store,
      "third.cfg": store.replace("store", "third"),
    };
    const { text } = await importedTogether(files, "board.dtb");
    expect(text?.match(/enhanced: true/g)).toHaveLength(2);
  });

  it.each([
    ["vif = ['']", "4:8 XI2207 vif[0] is not taken over: its backend is Domain-0, which no system here has"],
    ["vif = ['backend=0']", "XI2207 vif[0] is not taken over: its backend is Domain-0"],
    ["vif = ['backend=3']", "XI2207 vif[0] is not taken over: its backend is the domain number 3"],
    [
      "vif = ['backend=other']",
      "XI2207 vif[0] is not taken over: its backend is none of the domains that are imported",
    ],
    ["vif = ['backend=store,model=e1000']", "XI2207 model of vif[0] is not taken over: nothing emulates an interface"],
    [
      "vif = ['backend=store,rate=1MB/s']",
      "XI2207 rate of vif[0] is not taken over: a link has its backend, a MAC address",
    ],
    ["disk = ['/a,,xvda']", "4:9 XI2207 disk[0] is not taken over: its backend is Domain-0"],
    ["disk = ['/a,qcow2,xvda,backend=store']", "XI2207 format of disk[0] is not taken over: a backend shows"],
    [
      "disk = ['/a,,xvda,backend=store,script=x']",
      "XI2207 script of disk[0] is not taken over: a link has its backend",
    ],
    ["disk = ['/a,,xvda,backend=store,specification=virtio']", "XI2207 disk[0] is not taken over: links are Xen's own"],
    ["disk = [',,hdc,cdrom,backend=store']", "XI2207 disk[0] is not taken over: it has no medium"],
    ["p9 = ['path=/a,tag=t,backend=store,max-files=3']", "XI2207 max-files of p9[0] is not taken over"],
  ])("that are not, or not so, are told once: %j", async (lines, expected) => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": domain + lines, "store.cfg": store },
      "board.dtb",
    );
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(text).toBeDefined();
  });

  it.each([
    [
      "vif = ['backend=store,mac=01:00:5e:00:00:01']",
      '4:8 XI2208 vif[0] is "backend=store,mac=01:00:5e:00:00:01", which is not an interface',
    ],
    ["disk = ['/a,backend=store']", '4:9 XI2208 disk[0] is "/a,backend=store", which is not a disk with a name'],
    ["disk = ['/a,what,backend=store,vdev=xvda']", "4:9 XI2208 disk[0] is"],
    ["disk = ['/a,,xvda,x,backend=store']", "4:9 XI2208 disk[0] is"],
    ["p9 = ['path=/a,backend=store']", '4:7 XI2208 p9[0] is "path=/a,backend=store", which is not a folder'],
    ["disk = '/a,,xvda'", '4:8 XI2208 disk is "/a,,xvda", which is not a list in [ ]'],
    ["disk = [1]", '4:9 XI2208 disk[0] is "1", which is not a text in quotes'],
  ])("stop the import where they make no sense: %j", async (lines, expected) => {
    const { text, findings: told } = await importedTogether(
      { "web.cfg": domain + lines, "store.cfg": store },
      "board.dtb",
    );
    expect(told[0]).toContain(expected);
    expect(text).toBeUndefined();
  });
});
