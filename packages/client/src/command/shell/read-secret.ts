import { UsageError } from "./exit-codes.ts";

/** Asks for a secret on the terminal, without showing it. */
export async function readSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new UsageError(`there is no terminal to ask for it on: ${question}`);
  stderr.write(`${question}: `);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  try {
    let secret = "";
    for await (const piece of stdin) {
      for (const character of String(piece)) {
        if (character === "\r" || character === "\n") return secret;
        if (character === "\u0003") throw new UsageError("interrupted");
        secret = character === "\u007f" || character === "\b" ? secret.slice(0, -1) : secret + character;
      }
    }
    return secret;
  } finally {
    stdin.setRawMode(false);
    stderr.write("\n");
  }
}
