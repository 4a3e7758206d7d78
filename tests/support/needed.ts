import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is, or undefined. */
function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * A program that tests use where it is. In CI it has to be there: its absence fails the run. Elsewhere the
 * tests that need it are skipped, with a plain line.
 */
export function programOrSkip(name: string): string | undefined {
  const path = findProgram(name);
  if (path !== undefined) return path;
  if (process.env.CI) throw new Error(`${name} has to be installed in CI`);
  process.stdout.write(`${name} is not on this machine: its tests are skipped\n`);
  return undefined;
}
