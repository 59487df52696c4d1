import { readFileSync } from "node:fs";
import type { ErrorObject } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Artifact } from "../ir/artifact.ts";

const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8")) as object;

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const validators = new Map([["manifest.json", ajv.compile(schemaOf("manifest-1.schema.json"))]]);

/** What a published schema has against a file that says what a build was; by an implementation that is not ours. */
export function schemaProblems(path: string, json: unknown): readonly string[] {
  const validate = validators.get(path);
  if (validate === undefined) throw new Error(`no schema for ${path}`);
  return validate(json) ? [] : (validate.errors ?? []).map(lineOf);
}

const lineOf = ({ instancePath, message = "", params }: ErrorObject): string =>
  `${instancePath} ${message} ${JSON.stringify(params)}`;

/** Throws where a build's own account of itself is not what its schema says. */
export function expectSoundEvidence(artifacts: readonly Artifact[]): void {
  for (const { path, pieces } of artifacts) {
    const [bytes] = pieces;
    if (!validators.has(path) || !(bytes instanceof Uint8Array)) continue;
    const problems = schemaProblems(path, JSON.parse(new TextDecoder().decode(bytes)));
    if (problems.length > 0) throw new Error(`${path} against its schema:\n${problems.join("\n")}`);
  }
}
