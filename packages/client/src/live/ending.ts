import { CLOSE, PROBLEMS, type ProblemCode } from "@suar/contract";
import { ResetError, SuarError } from "../error.ts";
import { mayHelp } from "../retry.ts";
import type { Ended } from "./connection.ts";

/** What the server said before it closed. */
export type LastWords = { code: string; detail: string | undefined };

/** Closes after which the same subscription would end the same way. */
const FINAL: Record<number, ProblemCode> = {
  [CLOSE.protocolError]: "bad-request",
  [CLOSE.badUtf8]: "malformed-utf8",
  [CLOSE.tooManyFrames]: "bad-request",
  [CLOSE.tooLarge]: "too-large",
  [CLOSE.badMessage]: "bad-request",
  [CLOSE.unauthenticated]: "unauthenticated",
};

/** Why not to come back, as an error to throw; undefined when trying again is right (DESIGN 4: 45xx, drops). */
export function finalError(ended: Ended, lastWords: LastWords | undefined): SuarError | undefined {
  if (ended.op === "failed") {
    if (ended.error.code === "cursor-reset") return new ResetError(ended.error.message);
    return mayHelp(ended.error) || (ended.error.status ?? 0) >= 500 ? undefined : ended.error;
  }
  if (ended.code === CLOSE.reset) return new ResetError(ended.reason === "" ? "another epoch" : ended.reason);
  const known = FINAL[ended.code];
  if (known === undefined && (ended.code < 4400 || ended.code > 4499)) return undefined;
  const code = lastWords?.code ?? known ?? "bad-request";
  const status = known === undefined ? ended.code - 4000 : PROBLEMS[known].status;
  return new SuarError(
    code,
    lastWords?.detail ?? (ended.reason === "" ? `the live log closed with ${ended.code}` : ended.reason),
    { status },
  );
}
