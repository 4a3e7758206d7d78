import type { Queryable } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";
import { codesOf } from "../entry/leaf.ts";
import { selectLetters, selectRedEntry } from "../store/letter.ts";
import { commitRed } from "./commit-red.ts";
import { bodyOfLetter, hashOfLetters } from "./letter.ts";

/**
 * That what one submission said to people is what the log's entry commits to: to whom, by whom, how much of it, until when,
 * and each body. Neither its reader nor its sender holds a receipt, so it is looked at whenever either of them asks.
 * `body`: as it was read just now, of the item that is asked about. What was sent before bodies' hashes were kept is
 * passed over. Throws `LetterChanged`.
 */
export async function requireLetter(
  db: Queryable,
  gate: Gate,
  asked: { item: string; body?: string } | { submission: string },
): Promise<void> {
  const letters = await selectLetters(db, asked);
  const [first] = letters;
  if (first === undefined || letters.some(({ bodyHash }) => bodyHash === null)) return;
  if ("item" in asked && asked.body !== undefined) {
    const own = letters.find(({ id }) => id === asked.item);
    if (own?.bodyHash?.equals(bodyOfLetter(asked.body)) !== true) throw changed(asked.item, "the text");
  }
  const { submissionId, renditionId, producer, submitter, expires } = first;
  const hash = hashOfLetters(
    letters.map((one) => ({ ...one, bodyHash: one.bodyHash ?? Buffer.alloc(0) })),
    { submitter, expires },
  );
  const isOne = letters.every(
    (one) =>
      one.contentHash.equals(hash) &&
      [one.renditionId, one.producer, one.submitter, one.expires].join() ===
        [renditionId, producer, submitter, expires].join(),
  );
  if (!isOne) throw changed(submissionId, "what was sent to whom");
  const [originator = ""] = await codesOf(db, gate, [producer]);
  const entry = await selectRedEntry(db, renditionId);
  if (entry === "not-logged-yet") return;
  const place = { kind: "released", renditionId, audienceId: entry?.audienceId ?? 0 } as const;
  const commitment = commitRed(gate, { ...place, submissionId, hash, originator });
  if (entry?.commitment?.equals(commitment) !== true) throw changed(submissionId, "what the log commits to");
}

/** What is kept of a letter is not what the log commits to. */
export class LetterChanged extends Error {}

function changed(of: string, what: string): LetterChanged {
  return new LetterChanged(`TLP:RED ${of}: somebody changed ${what}`);
}
