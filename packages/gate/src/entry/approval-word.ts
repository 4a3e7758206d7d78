import { type Word, wordCommitment } from "@suar/merkle";
import { canonicalJson } from "@suar/stix";
import type { Gate } from "../context/gate.ts";
import type { ApprovalShown } from "../decide/decided.ts";
import type { Approval } from "../store/pending.ts";

/**
 * The word of one who agreed: to which request, as whom, when, and to what as it was read. It is worked out of the
 * request's own row, so that whoever changes that row changes the word, and with it what an entry commits to or what the
 * one who spoke has kept.
 */
export function approvalWord({ leafMac }: Pick<Gate, "leafMac">, request: string, given: Approval): Word {
  const { actor: by, word: onWordOf, role: approver, at, seen = null } = given;
  const statement = canonicalJson({ approval: request, approver, at, by, onWordOf, seen });
  const salt = Buffer.from(leafMac(`suar/salt/1 approval ${statement}`), "hex");
  return { statement, salt };
}

/** What an approved entry shows of it to all who receive the entry. */
export function approvalShown(gate: Pick<Gate, "leafMac">, request: string, given: Approval): ApprovalShown {
  const commitment = wordCommitment(approvalWord(gate, request, given));
  return { approver: given.role, word: Buffer.from(commitment).toString("base64") };
}
