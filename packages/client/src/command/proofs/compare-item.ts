import { bodyHash } from "@suar/merkle";
import type { Finding } from "./findings.ts";
import type { KeptItem, ToldItem } from "./item-files.ts";
import type { KnownReceipt } from "./receipt-book.ts";

/** What a receipt has shown of its entry. */
type Shown = Pick<KnownReceipt, "head" | "sent" | "originator">;

/** Of the body's bytes as they were sent: JSON.stringify writes what it has read as it was. */
export function hashOfBody(item: ToldItem): string {
  return bodyHash(JSON.stringify(item.object));
}

/**
 * What stands in place of an object that was taken back: the log tells the older entry as `withdrawn` then, and its receipt
 * shows what it was. The entry of the withdrawal itself is no stub.
 */
export function isStub(item: ToldItem, receipt: Shown | undefined): boolean {
  const kind = receipt === undefined ? item.kind : receipt.head.kind;
  return kind !== "withdrawn" && Object.keys(item.object).sort().join() === "id,modified,type";
}

/** In what an item is another than its receipt shows; the body of a stub is for others to judge. */
export function compareItem({ item, place }: KeptItem, receipt: Shown): Finding[] {
  const isErased = isStub(item, receipt);
  const other = otherFields(item, receipt, isErased && item.kind === "withdrawn" ? "kind" : undefined);
  if (!isErased && hashOfBody(item) !== receipt.sent.sha256) other.push("body");
  if (other.length === 0) return [];
  const message = `its ${other.join(", ")} ${other.length === 1 ? "is" : "are"} not what its receipt shows`;
  return [{ code: "changed-item", seq: item.seq, place, message }];
}

function otherFields(item: ToldItem, { head, sent, originator }: Shown, but: string | undefined): string[] {
  const pairs: [string, unknown, unknown][] = [
    ["seq", item.seq, head.seq],
    ["at", item.at, head.loggedAt],
    ["kind", item.kind, head.kind],
    ["tlp", item.tlp, sent.tlp],
    ["producer", item.producer, originator ?? item.producer],
    ["id", item.object.id, sent.id],
    ["type", item.object.type, sent.type],
  ];
  return pairs.filter(([name, is, shown]) => name !== but && is !== shown).map(([name]) => name);
}
