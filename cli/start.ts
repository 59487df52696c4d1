/** The program: one command line, with the streams of this process. */
import { launchEarly } from "./evaluation/launch.ts";

if (["build", "check", "run"].includes(process.argv[2] ?? "")) launchEarly();
const { main } = await import("./program.ts");

// Whoever reads may have seen enough (`| head`): that changes nothing of the result.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stderr.isTTY,
});
