import { canonicalJson } from "@suar/stix";
import type { Finding } from "./findings.ts";
import type { Placed, Words } from "./word-files.ts";
import { wordsSetBack } from "./words-set-back.ts";

/** A member's own words as it kept them, and as the platform tells them by now. */
export type SaidAndTold = { said: Words; told: Words; member: string };

/**
 * What the platform tells of words must be what was said: nothing of it another, nothing gone, and nothing there that
 * nobody of the member's said.
 */
export function compareWords({ said, told, member }: SaidAndTold): Finding[] {
  const gone = takenBack(told.recalls, member);
  const markings = latest(said.markings).filter(({ said: { id } }) => !gone.has(id) || isTold(told, id));
  return [
    ...changed(said.approvals, told.approvals, lastingOfApproval),
    ...changed(said.recalls, told.recalls, lastingOfRecall),
    ...changed(said.agreements, told.agreements, lastingOfAgreement),
    ...changed(markings, told.markings, lastingOfMarking),
    ...wordsSetBack(said.markings, told.markings),
    ...forged(told.approvals, (one) => ownWords(one).every((word) => wordsIn(said).has(word))),
    ...forged(told.recalls, ({ id, acknowledgedAt }) => {
      return acknowledgedAt === null || knows(said.recalls, id, (one) => one.acknowledgedAt !== null);
    }),
    ...forged(told.agreements, (one) => isOwnAgreement(one, said.agreements, member)),
  ];
}

/** What the member recalled has no marking any more, unless it was stated again. Recalls are held against withdrawals. */
function takenBack(recalls: Words["recalls"], member: string): ReadonlySet<string> {
  const own = recalls.filter(({ said: { producer } }) => producer.split(":")[0] === member);
  return new Set(own.flatMap(({ said: { objects } }) => objects));
}

function isTold({ markings }: Words, id: string): boolean {
  return markings.some(({ said }) => said.id === id);
}

/** The statements that own people are known to have made, with their salts. */
export function wordsIn({ approvals }: Words): Set<string> {
  return new Set(approvals.flatMap(({ said }) => ownWords(said)));
}

type Approval = Words["approvals"][number]["said"];
type Recall = Words["recalls"][number]["said"];
type Agreement = Words["agreements"][number]["said"];
type Marking = Words["markings"][number]["said"];

function ownWords({ approvals }: Approval): string[] {
  return approvals.flatMap(({ word }) => (word === null ? [] : [`${word.salt} ${word.statement}`]));
}

/** What of a document stays as it is once it is said. Each a name, and a text that must not be another. */
type Lasting = Record<string, unknown>;

function lastingOfApproval(one: Approval): Lasting {
  const { producer, object, organisations, asked, fourEyes, obligations, askedAt, deadline } = one;
  const approvers = asked.map(({ approver, needed }) => ({ approver, needed }));
  const reasons = one.reasons.map(({ code, rule, paths }) => ({ code, rule, paths }));
  const words = Object.fromEntries(ownWords(one).map((word) => [`word ${word}`, true]));
  const { state, settledAt, refusal } = one;
  const end = state === "pending" ? {} : { state, settledAt, refusal };
  const to = { reasons, obligations };
  return { producer, object, organisations, approvers, fourEyes, ...to, askedAt, deadline, ...words, ...end };
}

function lastingOfRecall({ producer, objects, withdrawnAt, dueAt, ...one }: Recall): Lasting {
  const known = [one, ...(one.receivers ?? [])].flatMap((who) =>
    who.acknowledgedAt === null
      ? []
      : [[`acknowledgement of ${"organisation" in who ? who.organisation : "your own"}`, who.acknowledgedAt]],
  );
  return { producer, objects: objects.toSorted(), withdrawnAt, dueAt, ...Object.fromEntries(known) };
}

function lastingOfAgreement({ state: _, acceptedAt, endedAt, endedBy, ...terms }: Agreement): Lasting {
  return {
    ...terms,
    ...(acceptedAt !== null && { acceptedAt }),
    ...(endedAt !== null && { endedAt, endedBy }),
  };
}

function lastingOfMarking({ tlp, pap, to }: Marking): Lasting {
  return { tlp, pap, to: Array.isArray(to) ? to.toSorted() : to };
}

function changed<T extends { id: string }>(
  said: readonly Placed<T>[],
  told: readonly Placed<T>[],
  lastingOf: (one: T) => Lasting,
): Finding[] {
  const now = new Map(told.map((one) => [one.said.id, one]));
  return said.flatMap(({ place, said: one }): Finding[] => {
    const found = now.get(one.id);
    if (found === undefined)
      return [{ code: "lost-word", seq: null, place, message: `the platform tells nothing of ${one.id}` }];
    const is = lastingOf(found.said);
    const others = Object.entries(lastingOf(one)).filter(([name, was]) => !isSame(was, is[name]));
    if (others.length === 0) return [];
    const names = others.map(([name]) => name.split(" {")[0]).join(", ");
    const message = `${one.id}: its ${names} ${others.length === 1 ? "is" : "are"} told otherwise in ${found.place}`;
    return [{ code: "changed-word", seq: null, place, message }];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return other !== undefined && canonicalJson(one) === canonicalJson(other);
}

/** What holds is what was said last. */
function latest<T extends { id: string }>(said: readonly Placed<T>[]): Placed<T>[] {
  return [...new Map(said.map((one) => [one.said.id, one])).values()];
}

function forged<T extends { id: string }>(
  told: readonly Placed<T>[],
  isSaid: (one: T) => boolean,
): Finding[] {
  return told.flatMap(({ place, said }): Finding[] => {
    const message = `${said.id} has a word of your member's that nobody of it is known to have given`;
    return isSaid(said) ? [] : [{ code: "forged-word", seq: null, place, message }];
  });
}

function isOwnAgreement(one: Agreement, said: Words["agreements"], member: string): boolean {
  const { id, members, acceptedAt, endedBy } = one;
  if (!knows(said, id, () => true)) return members[0] !== member && acceptedAt === null && endedBy !== member;
  const isAccepted =
    members[1] !== member || acceptedAt === null || knows(said, id, (known) => known.acceptedAt !== null);
  return isAccepted && (endedBy !== member || knows(said, id, (known) => known.endedBy === member));
}

function knows<T extends { id: string }>(
  said: readonly Placed<T>[],
  id: string,
  is: (one: T) => boolean,
): boolean {
  return said.some((one) => one.said.id === id && is(one.said));
}
