import { readFileSync } from "node:fs";
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Artifact } from "../ir/artifact.ts";

const schemaOf = (path: string): object => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as object;

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });

const validators = new Map<string, ValidateFunction>([
  ["manifest.json", ajv.compile(schemaOf("../../schemas/manifest-1.schema.json"))],
  ["provenance.intoto.json", ajv.compile(schemaOf("./provenance.schema.json"))],
]);

/** What a schema has against a file that says what a build was; by an implementation that is not ours. */
export function schemaProblems(path: string, json: unknown): readonly string[] {
  const validate = validators.get(path);
  if (validate === undefined) throw new Error(`no schema for ${path}`);
  return validate(json) ? [] : (validate.errors ?? []).map(lineOf);
}

const lineOf = ({ instancePath, message = "", params }: ErrorObject): string =>
  `${instancePath} ${message} ${JSON.stringify(params)}`;

/** What the schema that CycloneDX publishes has against a bill of materials, as its own library for JavaScript reads it. */
export async function sbomProblems(text: string): Promise<readonly string[]> {
  // It takes a second to load.
  const { Spec, Validation } = await import("@cyclonedx/cyclonedx-library");
  const error: unknown = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
  return error === null ? [] : [JSON.stringify(error)];
}

/** Throws where a build's manifest or provenance is not what its schema says. */
export function expectSoundEvidence(artifacts: readonly Artifact[]): void {
  for (const { path, pieces } of artifacts) {
    const [bytes] = pieces;
    if (!validators.has(path) || !(bytes instanceof Uint8Array)) continue;
    const problems = schemaProblems(path, JSON.parse(new TextDecoder().decode(bytes)));
    if (problems.length > 0) throw new Error(`${path} against its schema:\n${problems.join("\n")}`);
  }
}
