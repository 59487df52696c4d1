import type { Code, ParamsOf } from "../../diagnostics/catalogue.ts";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic } from "../../diagnostics/diagnostic.ts";
import type { Artifact } from "../../ir/artifact.ts";
import type { Variable } from "./print.ts";

/** What a variable is set by: its index, where `board.ts` says it, and a year and month if not those of its name. */
export interface Origin {
  readonly index?: readonly number[];
  readonly place?: ConfigPath;
  readonly since?: string;
}

/** When the patch for a variable was posted to xen-devel; those that are not here were in 2023.2 already. */
const since: Readonly<Record<string, string>> = {
  XEN_STATIC_HEAP: "2023-03",
  DOMU_SHARED_MEM: "2023-03",
  DOMU_VPL011: "2024-04",
  DOMU_GRANT_VER: "2024-04",
  DOMU_GRANT_FRAMES: "2024-04",
  DOMU_MAPTRACK_FRAMES: "2024-04",
  DOMU_VCPU_HARD_AFFINITY: "2025-03",
  DOMU_CAPS: "2025-03",
  DOMU_STATIC_EVTCHNS: "2025-09",
  DOMU_TRAP_UNMAP: "2025-11",
  DOMU_PASSTHROUGH_PROP: "2025-12",
  DOMU_P2M_MEM_MB: "2026-01",
};

/** What is written so far, in paragraphs, and what had to be told. */
export class Sheet {
  readonly paragraphs: Variable[][] = [[]];
  readonly diagnostics: Diagnostic[] = [];
  readonly files: Artifact[] = [];
  readonly #dated = new Set<string>();

  paragraph(): void {
    this.paragraphs.push([]);
  }

  set(name: string, value: string | number, { index = [], place = [], since: own }: Origin = {}): void {
    this.paragraphs.at(-1)?.push({ name, index, value: String(value) });
    const date = own ?? since[name];
    if (date === undefined || this.#dated.has(name + date)) return;
    this.#dated.add(name + date);
    this.tell("XI2253", { name, since: date }, place);
  }

  /** A file that somebody has. Names that a shell or U-Boot would take for more than one word are told. */
  setFile(name: string, path: string, origin: Origin = {}): void {
    const why = "ImageBuilder's scripts and U-Boot would not take such a name for one word";
    if (/^-|[\s"'`$\\;&|<>*?[\](){}]/.test(path)) this.tell("XI2251", { what: `"${path}"`, name, why }, origin.place);
    this.set(name, path, origin);
  }

  /** A file that does not exist yet, beside the text. */
  addFile(path: string, bytes: Uint8Array): void {
    this.files.push({ path, pieces: [bytes], executable: false });
  }

  /** A field that no variable is for. */
  cannot(what: string, place: ConfigPath, why: string): void {
    this.tell("XI2250", { what, why }, place);
  }

  tell<C extends Code>(code: C, params: ParamsOf<C>, path: ConfigPath = []): void {
    this.diagnostics.push(diagnose(code, params, { primary: { path } }));
  }
}
