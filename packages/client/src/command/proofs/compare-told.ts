import type { DeliveryChannel } from "@suar/contract";
import type { CountedIndividuals } from "./count-individuals.ts";
import type { Finding, FindingCode } from "./findings.ts";
import type { ReceiptBook } from "./receipt-book.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { Told } from "./told-files.ts";

/** What is held against what the platform tells: receipts, what came, and, where it was kept, what was told before. */
type Held = { book: ReceiptBook; beside: Reconciliation; organisation: string; kept?: Told | undefined };

/** One hand-over as the platform tells of it. `to`: a member, or nothing for one's own organisation. */
type HandOver = { seq: number; to: string; channel: string; first: number; last: number; place: string };

/** Clocks of processes differ from the log's by no more. */
const SKEW_MS = 60_000;

/**
 * Sets what the platform tells of deliveries beside what came of them: at a receiver beside its items, at an originator
 * beside the receipts of its own entries. Neither end has to believe the platform about what it knows by itself.
 */
export function compareTold(told: Told, { book, beside, organisation, kept }: Held): Finding[] {
  const handed = handOversIn(told);
  return [
    ...withoutReceipt(told, book),
    ...handed.flatMap((one) => impossible(one, book)),
    ...neverCame(handed, { book, beside }),
    ...untold(handed, beside),
    ...(kept === undefined ? [] : toldOtherwise(handOversIn(kept), handed)),
    ...(organisation.includes(":") ? [] : tooFew(told, book.individuals.surely)),
  ];
}

function handOversIn({ sent, own }: Told): HandOver[] {
  const times = ({ channel, first, last }: { channel: string; first: string; last: string }) => {
    return { channel, first: Date.parse(first), last: Date.parse(last) };
  };
  return [
    ...sent.flatMap(({ place, told: { seq, receivers } }) =>
      receivers.flatMap(({ organisation, delivered }) =>
        // Told by its own name by now or under its CERT's: it is the same member's.
        delivered.map((one) => ({ seq, to: organisation.split(":")[0] ?? "", place, ...times(one) })),
      ),
    ),
    ...own.flatMap(({ place, told: { seq, delivered } }) =>
      delivered.map((one) => ({ seq, to: "", place, ...times(one) })),
    ),
  ];
}

/** Of what one stated oneself every entry has a receipt, and is what that shows. */
function withoutReceipt({ sent }: Told, book: ReceiptBook): Finding[] {
  return sent.flatMap(({ place, told: { seq, at, kind, object } }): Finding[] => {
    const known = book.get(seq);
    if (known === undefined) {
      const message = "it is told to have been logged and delivered, and no valid receipt shows that";
      return book.waiting.has(seq) ? [] : [{ code: "no-receipt", seq, place, message }];
    }
    const { head, sent: shown } = known;
    const isSame = head.kind === kind && shown.id === object && Date.parse(head.loggedAt) === Date.parse(at);
    const message = `it is told of otherwise than ${known.place} shows`;
    return isSame ? [] : [{ code: "changed-item", seq, place, message }];
  });
}

function impossible({ seq, first, last, place }: HandOver, book: ReceiptBook): Finding[] {
  const loggedAt = book.get(seq)?.head.loggedAt;
  const isEarly = loggedAt !== undefined && first + SKEW_MS < Date.parse(loggedAt);
  if (!isEarly && last >= first) return [];
  const message = isEarly
    ? "it is told to have been handed over before it was logged"
    : "it is told to have been handed over last before it was first";
  return [{ code: "forged-delivery", seq, place, message }];
}

/** By these a person looks at something, of which no inbox is kept, and files are written that say no number. */
const LOOKED_AT: ReadonlySet<string> = new Set(["search", "object", "export"] satisfies DeliveryChannel[]);

function neverCame(handed: readonly HandOver[], { book, beside }: Pick<Held, "book" | "beside">): Finding[] {
  const own = Map.groupBy(
    handed.filter(({ to }) => to === ""),
    ({ seq }) => seq,
  );
  return [...own].flatMap(([seq, [first, ...more]]): Finding[] => {
    if (first === undefined || beside.hasCome(seq)) return [];
    const { place } = first;
    const channels = [...new Set([first, ...more].map(({ channel }) => channel))];
    const told = `the platform tells that you have it by ${channels.join(" and ")}, and nothing of it was kept`;
    // Whoever has its receipt was given it by a channel that is kept.
    const isLookedAt = book.get(seq) === undefined && channels.every((one) => LOOKED_AT.has(one));
    if (!isLookedAt) return [finding("forged-delivery", seq, place, told)];
    return [finding("unkept-delivery", seq, place, `${told}: ask whoever of yours looks things up`)];
  });
}

function untold(handed: readonly HandOver[], beside: Reconciliation): Finding[] {
  const own = new Set(handed.filter(({ to }) => to === "").map(({ seq }) => seq));
  return beside.whole
    .filter(({ seq }) => !own.has(seq))
    .map(({ seq, place }) =>
      finding("untold-delivery", seq, place, "it came, and the platform tells of no delivery of it"),
    );
}

/** When something was handed over first never becomes later, nor the last time earlier. */
function toldOtherwise(kept: readonly HandOver[], now: readonly HandOver[]): Finding[] {
  const keyOf = ({ seq, to, channel }: HandOver) => `${seq} ${to} ${channel}`;
  const told = Map.groupBy(now, keyOf);
  return kept.flatMap((before): Finding[] => {
    const all = told.get(keyOf(before)) ?? [];
    const holds =
      all.some(({ first }) => first <= before.first) && all.some(({ last }) => last >= before.last);
    const message = `its delivery by ${before.channel} is told otherwise by now, or not at all`;
    return holds ? [] : [finding("changed-delivery", before.seq, before.place, message)];
  });
}

function tooFew({ individuals }: Told, counted: readonly CountedIndividuals[]): Finding[] {
  return counted.flatMap(({ exporter, importer, year, individuals: shown }): Finding[] => {
    const of = individuals.filter(({ told }) => told.exporter === exporter && told.importer === importer);
    const one = of.find(({ told }) => told.year === year);
    const count = one?.told.individuals ?? 0;
    if (count >= shown) return [];
    const message = `${count} individuals are counted from ${exporter} to ${importer} in ${year}, and receipts show ${shown}`;
    return [{ code: "changed-count", seq: null, place: one?.place ?? "individuals", message }];
  });
}

function finding(code: FindingCode, seq: number, place: string, message: string): Finding {
  return { code, seq, place, message };
}
