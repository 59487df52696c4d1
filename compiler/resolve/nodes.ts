import type { Located, Node } from "dtc-js";
import { getProperty, readString, readStrings } from "dtc-js";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";

/** What the readers of the board's tree have in common. */

const primary = { path: ["board"] };

export const failure = <T>(diagnostic: Diagnostic): Outcome<T> => ({ diagnostics: [diagnostic] });

export const missing = <T>(what: string): Outcome<T> => failure(diagnose("XI3102", { missing: what }, { primary }));

export const unusable = <T>(node: string, problem: string): Outcome<T> =>
  failure(diagnose("XI3104", { node, problem }, { primary }));

/** Devicetree Specification 0.4, 2.3.4: usable by us. QEMU's secure RAM and UART, for one, say "disabled". */
export function isAvailable({ node }: Located): boolean {
  const status = getProperty(node, "status");
  return status === undefined || ["okay", "ok"].includes(readString(status.value) ?? "");
}

export const deviceType = (node: Node): string | undefined => {
  const property = getProperty(node, "device_type");
  return property && readString(property.value);
};

export const compatibleWith = (node: Node, names: readonly string[]): boolean =>
  compatibles(node).some((name) => names.includes(name));

export const compatibles = (node: Node): readonly string[] => {
  const property = getProperty(node, "compatible");
  return property ? (readStrings(property.value) ?? []) : [];
};
