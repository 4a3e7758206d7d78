import { fromBase64, wordCommitment } from "@suar/merkle";
import { Tlp } from "@suar/stix";
import { wordsIn } from "./compare-words.ts";
import type { Finding } from "./findings.ts";
import type { KnownReceipt } from "./receipt-book.ts";
import type { Words } from "./word-files.ts";

/**
 * Sets receipts beside words. A release that names an approval of one's own member's must be backed by a word that was
 * kept; a recall that one is told of by withdrawals that name it, with its times; and such a withdrawal by its recall.
 * What was released last of an object stands under no weaker marking than was said last.
 */
export function backWords(
  receipts: Iterable<KnownReceipt>,
  { said, told, member }: { said: Words; told: Words; member: string },
): Finding[] {
  const all = [...receipts];
  return [
    ...forgedApprovals(all, said, member),
    ...forgedRecalls(all, told.recalls),
    ...lostRecalls(all, told.recalls),
    ...weakerMarkings(all, said.markings),
  ];
}

function forgedApprovals(receipts: readonly KnownReceipt[], said: Words, member: string): Finding[] {
  const given = new Set([...wordsIn(said)].map(commitmentOf));
  return receipts.flatMap(({ head, place, why }) =>
    (why?.approvals ?? [])
      .filter(({ approver, word }) => approver.startsWith(`${member}:`) && !given.has(word))
      .map(({ approver }): Finding => {
        const message = `it was released with an approval of ${approver} that nobody is known to have given`;
        return { code: "forged-word", seq: head.seq, place, message };
      }),
  );
}

/** As receipts show it; of what is no salt, nothing. */
function commitmentOf(word: string): string | undefined {
  const at = word.indexOf(" ");
  const salt = fromBase64(word.slice(0, at));
  if (salt === undefined || salt.length !== 32) return undefined;
  return Buffer.from(wordCommitment({ statement: word.slice(at + 1), salt })).toString("base64");
}

/**
 * What others took back: a withdrawal of before entries named their cause says nothing of its times, and one with another
 * cause is none of a recall.
 */
function forgedRecalls(receipts: readonly KnownReceipt[], recalls: Words["recalls"]): Finding[] {
  const withdrawn = receipts.filter(({ head }) => head.kind === "withdrawn");
  return recalls.flatMap(({ place, said: { id, producer, objects, withdrawnAt, dueAt, receivers } }) => {
    if (receivers !== undefined) return [];
    return objects.flatMap((object): Finding[] => {
      const isBacked = withdrawn.some(({ sent, originator, why }) => {
        const shown = why === undefined ? { id, withdrawnAt, dueAt } : why.recall;
        const isSame = shown?.id === id && shown.withdrawnAt === withdrawnAt && shown.dueAt === dueAt;
        return sent.id === object && originator === producer && isSame;
      });
      const message = `recall ${id} of ${object}: no receipt shows that ${producer} took it back then, and so`;
      return isBacked ? [] : [{ code: "forged-recall", seq: null, place, message }];
    });
  });
}

function lostRecalls(receipts: readonly KnownReceipt[], recalls: Words["recalls"]): Finding[] {
  const known = new Set(recalls.map(({ said }) => said.id));
  return receipts.flatMap(({ head, place, why }): Finding[] => {
    if (why?.recall === undefined || known.has(why.recall.id)) return [];
    const message = `it belongs to recall ${why.recall.id}, of which the platform tells nothing`;
    return [{ code: "lost-word", seq: head.seq, place, message }];
  });
}

/** Whoever marks something otherwise has a version of it under that marking: later ones are under it, or a stricter one. */
function weakerMarkings(receipts: readonly KnownReceipt[], markings: Words["markings"]): Finding[] {
  const said = new Map(markings.map((one) => [one.said.id, one.said]));
  const released = receipts.filter(({ head }) => head.kind !== "withdrawn");
  const newest = new Map(
    released.toSorted((a, b) => a.head.seq - b.head.seq).map((one) => [one.original, one]),
  );
  return [...said.values()].flatMap(({ id, tlp }): Finding[] => {
    const last = newest.get(id);
    if (last === undefined || strictness(last.sent.tlp) >= strictness(tlp)) return [];
    const message = `${id} went out under TLP:${last.sent.tlp.toUpperCase()}, and was marked TLP:${tlp.toUpperCase()}`;
    return [{ code: "weaker-marking", seq: last.head.seq, place: last.place, message }];
  });
}

function strictness(tlp: string): number {
  const levels: readonly string[] = Tlp.options;
  return levels.indexOf(tlp);
}
