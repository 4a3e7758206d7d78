import type { ClosingRow, ReceiptRow } from "./store/receipt.ts";

/** Since when a release is closed to somebody, and by which codes. */
export type TakenAway = { at: Date; why: readonly string[] };

/**
 * What a release's receiver lost it by: the first that closed it after the entry. Where it was closed before the pen came
 * to it, the last. Undefined for a withdrawal, which takes nothing away from whoever is told.
 */
export function takenAway(
  { kind, at, rendition_id: renditionId }: Pick<ReceiptRow, "kind" | "at" | "rendition_id">,
  receiver: number,
  closings: readonly ClosingRow[],
): TakenAway | undefined {
  if (kind === "withdrawn") return undefined;
  const own = closings.filter(
    (one) =>
      one.rendition_id === renditionId && (one.organisation_id === receiver || one.organisation_id === 0),
  );
  const logged = Date.parse(at);
  return own.find((one) => one.at.getTime() >= logged) ?? own.findLast(({ is_closed }) => is_closed);
}
