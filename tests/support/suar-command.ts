import { buildProgram } from "../../packages/client/src/command/program.ts";

/** Whose machine it runs on: the address and the key that it is given. */
export type CommandAs = { url: string; key: string };
export type Ran = { code: number; stdout: string; stderr: string };

/**
 * The `suar` command, from its command line to its exit code, in this process: a process of its own for each of hundreds
 * would take a third of a second each. One runs at a time, since output and exit code are the process's.
 */
export async function suarCommand({ url, key }: CommandAs, args: readonly string[]): Promise<Ran> {
  const pieces: string[] = [];
  const said: string[] = [];
  const { write } = process.stdout;
  const before = process.exitCode;
  const errors = process.stderr.write;
  process.stdout.write = taking((piece) => pieces.push(piece));
  process.stderr.write = taking((piece) => said.push(piece));
  process.exitCode = undefined;
  try {
    await buildProgram().parseAsync(["node", "suar", "--url", url, "--key", key, "--json", ...args]);
    return { code: Number(process.exitCode ?? 0), stdout: pieces.join(""), stderr: said.join("") };
  } finally {
    process.stdout.write = write;
    process.stderr.write = errors;
    process.exitCode = before;
  }
}

function taking(take: (piece: string) => void): typeof process.stdout.write {
  return (piece: Uint8Array | string, ...more: unknown[]): boolean => {
    take(String(piece));
    const done = more.find((one) => typeof one === "function");
    if (typeof done === "function") done();
    return true;
  };
}
