import type { RecallReceiver, RecallState, ToldName } from "@suar/contract";
import { type ToldReader, toldAs } from "@suar/gate";

/** Of an organisation, what its name is told by, and whether it can still answer. */
export type Party = { code: string; member: string; kind: "cert" | "agency" | "public"; active: boolean };

/** One of those who are to acknowledge a recall. */
export type Receiver = { party: Party; acknowledgedAt: Date | null; reminders: readonly Date[] };

/**
 * Who has acknowledged a recall, as its originator is told. A CERT answers for its member: what its agencies owe, they
 * owe in their own lists. Where only agencies were sent the object, the originator named them, and the member has
 * acknowledged when all of them have. Nothing is expected of who was removed.
 */
export function tellReceivers(
  receivers: readonly Receiver[],
  originator: ToldReader,
  isOverdue: boolean,
): RecallReceiver[] {
  const named = Map.groupBy(receivers, ({ party }) => toldAs(party, originator));
  return [...named]
    .map(([organisation, all]) => tellOne(organisation, answerable(all), isOverdue))
    .sort((a, b) => (a.organisation < b.organisation ? -1 : 1));
}

/** Who answers for a member: its CERT, or, where that is not among them, all of its agencies. */
export function answerable<T extends { party: Party }>(receivers: readonly T[]): readonly T[] {
  const certs = receivers.filter(({ party }) => party.kind === "cert");
  return certs.length > 0 ? certs : receivers;
}

function tellOne(organisation: ToldName, receivers: readonly Receiver[], isOverdue: boolean): RecallReceiver {
  const reminders = receivers.flatMap((one) => one.reminders).sort((a, b) => a.getTime() - b.getTime());
  const expected = receivers.filter(({ party, acknowledgedAt }) => party.active || acknowledgedAt !== null);
  const words = expected.flatMap(({ acknowledgedAt }) => acknowledgedAt ?? []);
  const isDone = words.length === expected.length;
  const last = words.reduce<Date | null>(
    (latest, at) => (latest !== null && latest > at ? latest : at),
    null,
  );
  return {
    organisation,
    state: expected.length === 0 ? "not-expected" : stateOf(isDone, isOverdue),
    reminders: [...new Set(reminders.map((at) => at.toISOString()))],
    acknowledgedAt: isDone ? (last?.toISOString() ?? null) : null,
  };
}

export function stateOf(isAcknowledged: boolean, isOverdue: boolean): RecallState {
  if (isAcknowledged) return "acknowledged";
  return isOverdue ? "overdue" : "open";
}

/** Of all receivers together. */
export function stateOfAll(receivers: readonly RecallReceiver[]): RecallState {
  const owing = receivers.filter(({ state }) => state === "open" || state === "overdue");
  return stateOf(
    owing.length === 0,
    owing.some(({ state }) => state === "overdue"),
  );
}
