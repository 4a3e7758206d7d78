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
  | "forged-delivery"
  | "unkept-delivery"
  | "untold-delivery"
  | "changed-delivery"
  | "changed-count"
  | "changed-word"
  | "lost-word"
  | "forged-word"
  | "forged-recall"
  | "weaker-marking"
  | "other-policies"
  | "other-history";

/** `place`: the file (and line), of which it is said. */
export type Finding = { code: FindingCode; seq: number | null; place: string; message: string };

/** It accuses nobody: somebody of one's own may have looked at it, and kept nothing. */
export function isNote({ code }: Finding): boolean {
  return code === "unkept-delivery";
}

export function describeFinding(finding: Finding): string {
  const { code, seq, place, message } = finding;
  const entry = seq === null ? "" : ` entry ${seq}`;
  // It need not be wrong: it may be too early.
  const failed = code === "too-few-witnesses" ? "WAITS " : "FAILED";
  const word = isNote(finding) ? "NOTE  " : failed;
  return `${word} ${code}${entry} (${cleanText(place)}): ${cleanText(message, 400)}`;
}
