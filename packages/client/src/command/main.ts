import { CommanderError } from "commander";
import { buildProgram } from "./program.ts";
import { report } from "./shell/context.ts";
import { EXIT, exitCodeOf } from "./shell/exit-codes.ts";

// `suar watch | head` closes our stdout: that is the reader's wish, not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failure);
});

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  // Commander has printed its own errors, and help, already.
  if (!(error instanceof CommanderError)) report(error, false);
  process.exitCode = exitCodeOf(error);
}
