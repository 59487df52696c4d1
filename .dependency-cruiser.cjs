/**
 * The house's arrows (docs/decisions/0002): cli, boards -> compiler/index -> driver -> stages -> ir -> dtc-js ->
 * diagnostics -> base. Type imports count. scripts/architecture.test.ts plants a violation of each rule.
 */
const stages = "config|resolve|check|layout|lower|emit|pack|sign|verify|diff|export";
const tests = String.raw`\.test\.ts$|/testing/`;
/** dtc-js is a package of its own: seen from outside, only its built entry counts. */
const dtcJs = "^(node_modules/|compiler/)dtc-js/";

/** A rule that no file but tests may break. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: "error",
  from: { pathNot: tests, ...from },
  to,
});
/** Only `folder` may use the npm package. */
const onlyIn = (folder, npmPackage) =>
  forbid(
    `${npmPackage.replace(/^@/, "").replace("/", "-")}-only-in-${folder.replace("compiler/", "")}`,
    `${npmPackage} is used in ${folder}/ and nowhere else`,
    { path: "^(cli|boards|compiler)/", pathNot: `${tests}|^${folder}/` },
    { path: `(^|/)node_modules/${npmPackage}/` },
  );

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "no import knots, type imports counted",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolved",
      comment: "each import exists",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    forbid("no-test-code", "what ships does not import tests or their helpers", {}, { path: tests }),
    forbid(
      "base-imports-nothing",
      "base/ is the lowest floor",
      { path: "^compiler/base/" },
      { path: "^(cli|boards|compiler)/", pathNot: "^compiler/base/" },
    ),
    forbid(
      "diagnostics-import-base",
      "diagnostics/ knows base/ only",
      { path: "^compiler/diagnostics/" },
      { path: "^(cli|boards|compiler)/|dtc-js", pathNot: "^compiler/(diagnostics|base)/" },
    ),
    forbid(
      "dtc-js-stands-alone",
      "the package is useful without xenimg",
      { path: "^compiler/dtc-js/" },
      { path: "^(cli|boards|compiler)/", pathNot: "^compiler/dtc-js/" },
    ),
    forbid(
      "ir-below-stages",
      "the intermediate representation knows no stage",
      { path: "^compiler/ir/" },
      { path: "^(cli|boards|compiler)/", pathNot: `^compiler/(ir|diagnostics|base)/|${dtcJs}` },
    ),
    forbid(
      "codecs-know-base",
      "a codec knows bytes, and nothing of systems",
      { path: "^compiler/codecs/" },
      { path: "^(cli|boards|compiler)/", pathNot: `^compiler/(codecs|base)/|${dtcJs}` },
    ),
    forbid(
      "stages-are-strangers",
      "a stage never imports another stage",
      { path: `^compiler/(${stages})/` },
      { path: `^compiler/(${stages})/`, pathNot: "^compiler/$1/" },
    ),
    forbid(
      "import-knows-the-language",
      "import/ reads other formats into the language; of the stages it knows that alone",
      { path: "^compiler/import/" },
      {
        path: "^(cli|boards|compiler)/",
        pathNot: `^compiler/(import|config/input|ir|codecs|diagnostics|base)|${dtcJs}`,
      },
    ),
    forbid(
      "stages-know-no-import",
      "a stage sees the language, wherever a configuration came from",
      { path: `^compiler/(${stages}|ir|driver)/` },
      { path: "^compiler/import/" },
    ),
    forbid(
      "stages-below-driver",
      "a stage knows neither the driver nor the public face",
      { path: `^compiler/(${stages})/` },
      { path: "^(cli|boards|compiler/driver)/|^compiler/index" },
    ),
    forbid(
      "driver-below-index",
      "the driver knows neither the public face nor who calls it",
      { path: "^compiler/driver/" },
      { path: "^(cli|boards)/|^compiler/index" },
    ),
    forbid(
      "compiler-below-cli",
      "the compiler knows neither the command line nor boards",
      { path: "^compiler/" },
      { path: "^(cli|boards)/" },
    ),
    forbid(
      "through-the-front-door",
      "outsiders use compiler/index",
      { path: "^(cli|boards)/" },
      { path: "^compiler/", pathNot: `^compiler/index|${dtcJs}` },
    ),
    forbid("boards-below-cli", "a board profile knows no command line", { path: "^boards/" }, { path: "^cli/" }),
    forbid(
      "compiler-is-pure",
      "no files, processes or network: ask the Host",
      { path: "^(compiler|boards)/", pathNot: `${tests}|^compiler/dtc-js/(src/bin/|playground/build)` },
      { dependencyTypes: ["core"], pathNot: "^(node:)?(buffer|crypto|path|zlib)$" },
    ),
    onlyIn("compiler/config", "zod"),
    onlyIn("compiler/config", "@babel/parser"),
    onlyIn("compiler/emit", "handlebars"),
    onlyIn("compiler/codecs", "@peculiar/asn1-schema"),
    onlyIn("compiler/codecs", "@peculiar/asn1-cms"),
    onlyIn("compiler/codecs", "@peculiar/asn1-x509"),
    onlyIn("cli", "commander"),
    onlyIn("cli", "execa"),
    onlyIn("cli", "jiti"),
    onlyIn("cli", "sucrase"),
  ],
  options: {
    doNotFollow: { path: ["node_modules", "dist/"] },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.tests.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".js", ".d.ts"],
    },
    combinedDependencies: false,
  },
};
