import type { Context } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { describeFinding, type Finding } from "./findings.ts";

export const POLICY =
  "whom you believe: keys of logs and witnesses (default: witnesses.json beside the profiles)";
export const EXITS = "\nExit codes: 0 all of it holds, 1 something does not, 2 a file cannot be used.";

/** Prints what was found, and decides the exit code. */
export async function conclude(
  context: Context,
  findings: readonly Finding[],
  shown: Record<string, unknown>,
  text: string,
): Promise<number> {
  const ok = findings.length === 0;
  await context.terminal.show({ ok, findings, ...shown }, () =>
    ok ? `OK  ${text}` : [...findings.map(describeFinding), ...(text === "" ? [] : [text])].join("\n"),
  );
  return ok ? EXIT.ok : EXIT.failure;
}

export function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
