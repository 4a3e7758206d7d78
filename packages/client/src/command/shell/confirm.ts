import { createInterface } from "node:readline/promises";
import { UsageError } from "./exit-codes.ts";

/** Asks on the terminal; where there is none nobody has agreed, and `otherwise` says how to. */
export async function confirm(question: string, otherwise: string): Promise<boolean> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new UsageError(`there is no terminal to ask on: ${question} ${otherwise}`);
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
