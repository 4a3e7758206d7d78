import type { ReceiptFailure } from "@suar/merkle";
import { cleanText } from "../shell/clean-text.ts";

/** Everything that `suar verify` finds fault with. */
export type FindingCode =
  | ReceiptFailure
  | "unreadable"
  | "changed-item"
  | "changed-decision"
  | "two-contents"
  | "no-receipt"
  | "platform-refuses"
  | "no-delivery"
  | "gap"
  | "forged-withdrawal"
  | "changed-word"
  | "lost-word"
  | "forged-word"
  | "forged-recall"
  | "weaker-marking"
  | "other-policies"
  | "other-history";

/** `place`: the file (and line), of which it is said. */
export type Finding = { code: FindingCode; seq: number | null; place: string; message: string };

export function describeFinding({ code, seq, place, message }: Finding): string {
  const entry = seq === null ? "" : ` entry ${seq}`;
  // It need not be wrong: it may be too early.
  const word = code === "too-few-witnesses" ? "WAITS " : "FAILED";
  return `${word} ${code}${entry} (${cleanText(place)}): ${cleanText(message, 400)}`;
}
