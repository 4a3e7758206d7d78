import type { Context } from "../shell/context.ts";
import { EXIT } from "../shell/exit-codes.ts";
import { describeFinding, type Finding, isNote } from "./findings.ts";

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
  const ok = findings.every(isNote);
  const last = ok ? [`OK  ${text}`] : text === "" ? [] : [text];
  await context.terminal.show({ ok, findings, ...shown }, () =>
    [...findings.map(describeFinding), ...last].join("\n"),
  );
  return ok ? EXIT.ok : EXIT.failure;
}

export function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}
