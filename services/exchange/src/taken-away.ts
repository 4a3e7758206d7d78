import type { ClosingRow, ReceiptRow, ToldRow } from "./store/receipt.ts";

/** Since when a release is closed to somebody, when the log told them, and by which codes. */
export type TakenAway = { at: Date; toldAt: Date | null; why: readonly string[] };

/** What is known of an object's losses. */
export type Losses = { closings: readonly ClosingRow[]; told: readonly ToldRow[] };

/**
 * What a release's receiver lost it by: the first that took it away after the entry. Where that was before the pen came to
 * it, the last; and where nobody was told of any yet, what closes it meanwhile. Undefined for a withdrawal, which takes
 * nothing away from whoever is told.
 */
export function takenAway(
  row: Pick<ReceiptRow, "kind" | "at" | "rendition_id" | "shown_id">,
  receiver: number,
  { closings, told }: Losses,
): TakenAway | undefined {
  if (row.kind === "withdrawn") return undefined;
  const own = closings.filter(
    (one) =>
      one.rendition_id === row.rendition_id &&
      (one.organisation_id === receiver || one.organisation_id === 0),
  );
  const logged = Date.parse(row.at);
  const closing =
    own.find(({ decided_at: at }) => at !== null && at.getTime() >= logged) ??
    own.findLast(({ is_closed }) => is_closed) ??
    own.find(({ decided_at: at }) => at === null);
  if (closing === undefined) return undefined;
  const { closed_at: at, decided_at: decided, why } = closing;
  const word =
    decided &&
    told.find(
      (one) => one.shown_id === row.shown_id && one.organisation_id === receiver && one.at >= decided,
    );
  return { at, toldAt: word?.at ?? null, why };
}
