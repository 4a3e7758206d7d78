import type { Receipt } from "@suar/contract";
import { type ToldReader, toldAs } from "@suar/gate";
import type { Delivered } from "@suar/log";
import type { TakenAway } from "./taken-away.ts";
import { answerable, type Party } from "./tell-receivers.ts";

type ToldReceiver = Receipt["receivers"][number];

/** What is known of one organisation and one entry. */
export type KnownDelivery = {
  party: Party;
  delivered: readonly Pick<Delivered, "channel" | "first" | "last">[];
  takenAway: TakenAway | undefined;
};

/**
 * The receivers of an entry as its originator is told of them. A member's deliveries are those to its CERT and to its
 * agencies together, but for whom the originator named, by each channel the first and the last: nobody can tell whether
 * there was another agency among them.
 */
export function tellReceivers(
  known: readonly KnownDelivery[],
  originator: ToldReader,
  acknowledged: (organisation: string, delivered: ToldReceiver["delivered"]) => string | null,
): ToldReceiver[] {
  const named = Map.groupBy(known, ({ party }) => toldAs(party, originator));
  return [...named]
    .map(([organisation, all]) => {
      const delivered = byChannel(all.flatMap((one) => one.delivered));
      const acknowledgedAt = acknowledged(organisation, delivered);
      return { organisation, delivered, acknowledgedAt, takenAway: lostByAll(answerable(all)) };
    })
    .sort((a, b) => (a.organisation < b.organisation ? -1 : 1));
}

/** A member has lost it when its CERT has; where only agencies had it, when all of them have. */
function lostByAll(known: readonly KnownDelivery[]): ToldReceiver["takenAway"] {
  const losses = known.flatMap(({ takenAway }) => takenAway ?? []);
  if (losses.length === 0 || losses.length < known.length) return null;
  const why = [...new Set(losses.flatMap((one) => one.why))].sort();
  const told = losses.flatMap(({ toldAt }) => toldAt ?? []);
  return {
    at: lastOf(losses.map(({ at }) => at)),
    toldAt: told.length < losses.length ? null : lastOf(told),
    why,
  };
}

function lastOf(times: readonly Date[]): string {
  return new Date(Math.max(...times.map((at) => at.getTime()))).toISOString();
}

function byChannel(deliveries: KnownDelivery["delivered"]): ToldReceiver["delivered"] {
  return [...Map.groupBy(deliveries, ({ channel }) => channel)].map(([channel, all]) => {
    const first = Math.min(...all.map((one) => one.first.getTime()));
    const last = Math.max(...all.map((one) => one.last.getTime()));
    return { channel, first: new Date(first).toISOString(), last: new Date(last).toISOString() };
  });
}

/** Of a release a receiver's own word is its endpoint's 2xx. */
export function acknowledgedByEndpoint(delivered: ToldReceiver["delivered"]): string | null {
  return delivered.find(({ channel }) => channel === "webhook")?.first ?? null;
}
