import { readFileSync } from "node:fs";
import type { Entry } from "./cpio.ts";
import { debian, toolstackFiles } from "./paths.ts";
import { storeTools } from "./store-tools.ts";

/** Names of libraries as programs are linked with them, by the names of Debian's files. */
const libraries: Readonly<Record<(typeof toolstackFiles.libraries)[number], string>> = {
  libxenctrl: "libxenctrl.so.4.17",
  libxenguest: "libxenguest.so.4.17",
  libxenlight: "libxenlight.so.4.17",
  libxlutil: "libxlutil.so.4.17",
  libxencall: "libxencall.so.1",
  libxendevicemodel: "libxendevicemodel.so.1",
  libxenevtchn: "libxenevtchn.so.1",
  libxenforeignmemory: "libxenforeignmemory.so.1",
  libxengnttab: "libxengnttab.so.1",
  libxenhypfs: "libxenhypfs.so.1",
  libxentoollog: "libxentoollog.so.1",
  libyajl: "libyajl.so.2",
  libfdt: "libfdt.so.1",
  libuuid: "libuuid.so.1",
  libz: "libz.so.1",
  libgcc_s: "libgcc_s.so.1",
};

/** Where Debian has its programs: not in the search path. */
export const toolstackPath = "/usr/lib/xen-4.17/bin";

const folders = ["etc", "etc/xen", "run", "run/xen", "usr", "usr/lib", "usr/lib/xen-4.17", "usr/lib/xen-4.17/bin"];
const state = ["var", "var/lib", "var/lib/xen", "var/lib/xenstored", "var/lock", "var/log", "var/run"];

/** Debian's toolstack of Xen 4.17, for the root file system of its dom0. */
export function toolstack(): readonly Entry[] {
  const executable = (path: string, bytes: Uint8Array): Entry => ({ kind: "file", path, bytes, mode: 0o755 });
  const store = readFileSync(debian("xenstore"));
  return [
    ...[...folders, ...state].map((path): Entry => ({ kind: "folder", path })),
    { kind: "file", path: "etc/xen/xl.conf", bytes: Buffer.alloc(0), mode: 0o644 },
    ...storeTools(),
    // One program under many names.
    ...["list", "read", "write"].map((name) => executable(`bin/xenstore-${name}`, store)),
    ...toolstackFiles.programs.map((name) =>
      executable(`${toolstackPath.slice(1)}/${name}`, readFileSync(debian(name))),
    ),
    ...toolstackFiles.libraries.map((name) => executable(`lib/${libraries[name]}`, readFileSync(debian(name)))),
  ];
}
