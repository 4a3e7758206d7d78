import { type ReadTile, rootFromTiles, sameHash } from "@suar/merkle";
import { BareObjects } from "./bare-objects.ts";
import { compareItem, hashOfBody, isStub } from "./compare-item.ts";
import type { Finding, FindingCode } from "./findings.ts";
import type { KeptItem, ToldItem } from "./item-files.ts";
import type { Delivered, KeptAssertion } from "./read-delivered.ts";
import type { KnownReceipt, ReceiptBook } from "./receipt-book.ts";

/**
 * Sets what was delivered beside the receipts: each item must be the one that its receipt shows, each receipt must
 * have its item, and what stands in place of an object that was taken back, `{type, id, modified}`, must be backed
 * by a receipted withdrawal. What the log held for others leaves no trace here: numbers may skip.
 */
export class Reconciliation {
  readonly findings: Finding[] = [];
  readonly #book: ReceiptBook;
  /** By number: the place, and the hash of the body unless all that was delivered is a stub. */
  readonly #delivered = new Map<number, { place: string; hash: string | undefined }>();
  readonly #stubs: KeptItem[] = [];
  readonly #bare = new BareObjects();
  /** Not delivered by these numbers, and missing to nobody: it was taken back, or came again. */
  readonly #spared = new Set<number>();
  #last = 0;
  #again = 0;

  constructor(book: ReceiptBook) {
    this.#book = book;
  }

  get items(): number {
    return new Set([...this.#delivered.keys(), ...this.#bare.delivered]).size;
  }

  /** Entries that were not delivered, of which the very same came under a later number. */
  get again(): number {
    return this.#again;
  }

  /** Whether anything of an entry came, or need not be there any more; once all is read. */
  hasCome(seq: number): boolean {
    return this.#delivered.has(seq) || this.#bare.delivered.has(seq) || this.#spared.has(seq);
  }

  /** What came with its number, and not only the word that it was taken back. */
  get whole(): { seq: number; place: string }[] {
    return [...this.#delivered].flatMap(([seq, { place, hash }]) =>
      hash === undefined ? [] : [{ seq, place }],
    );
  }

  /** Whatever a channel handed over. */
  add(read: Delivered): void {
    if ("item" in read) this.#addItem(read);
    else if ("assertion" in read) this.#addItem(this.#itemOf(read));
    else if ("object" in read) this.#bare.add(read);
    else if ("listed" in read) this.#bare.list(read);
    else this.findings.push({ code: "unreadable", seq: null, place: read.place, message: read.problem });
  }

  /** Its entry is of the kind that the receipt says, unless it is shown as taken back. */
  #itemOf({ assertion, place }: KeptAssertion): KeptItem {
    const kind = assertion.withdrawn ? "withdrawn" : this.#book.get(assertion.seq)?.head.kind;
    return { place, item: { ...assertion, kind: kind ?? "released" } as ToldItem };
  }

  #addItem(kept: KeptItem): void {
    const { item, place } = kept;
    this.#last = Math.max(this.#last, item.seq);
    this.#remember(kept);
    const receipt = this.#book.get(item.seq);
    if (receipt !== undefined) this.findings.push(...compareItem(kept, receipt));
    // Of a receipt that waits it is said already.
    else if (!this.#book.waiting.has(item.seq)) this.#find("no-receipt", item, place, UNLOGGED);
  }

  /** When all items are read. */
  close(): void {
    const entries = Map.groupBy(this.#book.all(), ({ sent }) => sent.id);
    this.#closeStubs(entries);
    this.findings.push(...this.#bare.close(this.#book));
    for (const seq of this.#bare.delivered) this.#last = Math.max(this.#last, seq);
    for (const known of this.#book.all()) {
      const { head, place, sent, isForOthers } = known;
      if (this.#delivered.has(head.seq) || this.#bare.delivered.has(head.seq) || isForOthers) continue;
      const later = (entries.get(sent.id) ?? []).filter((one) => isLater(one, known));
      // What somebody may have no more is gone from the log for them; that they were told so has its receipt.
      this.#spared.add(head.seq);
      if (later.some(isWithdrawal)) continue;
      // What was closed to them and is theirs after all came under another number: whoever hides an entry spares it nobody.
      if (later.some((one) => this.#hasCome(one, known))) {
        this.#again += 1;
        continue;
      }
      this.#spared.delete(head.seq);
      const isGap = head.seq < this.#last;
      const message = `it was logged for you and not delivered${isGap ? ", later ones were" : ""}`;
      this.findings.push({ code: isGap ? "gap" : "no-delivery", seq: head.seq, place, message });
    }
  }

  #remember(kept: KeptItem): void {
    const { item, place } = kept;
    const before = this.#delivered.get(item.seq);
    if (isStub(item, this.#book.get(item.seq))) {
      this.#stubs.push(kept);
      if (before === undefined) this.#delivered.set(item.seq, { place, hash: undefined });
      return;
    }
    const hash = hashOfBody(item);
    if (before?.hash === undefined) this.#delivered.set(item.seq, { place, hash });
    else if (before.hash !== hash)
      this.#find("two-contents", item, place, `${before.place} has another body under this number`);
  }

  /** The very same was delivered by another entry: the same body, to the last byte, under the same markings. */
  #hasCome({ head, sent }: KnownReceipt, { head: missed, sent: wanted }: KnownReceipt): boolean {
    const isMarkedSo = sent.tlp === wanted.tlp && sent.pap === wanted.pap;
    const isSame = sent.sha256 === wanted.sha256 && isMarkedSo && head.kind === missed.kind;
    if (!isSame) return false;
    return this.#delivered.get(head.seq)?.hash === wanted.sha256 || this.#bare.delivered.has(head.seq);
  }

  #closeStubs(entries: ReadonlyMap<string, KnownReceipt[]>): void {
    for (const { item, place } of this.#stubs) {
      if (this.#isBacked(item, (entries.get(item.object.id) ?? []).filter(isWithdrawal))) continue;
      const message = `${item.object.id} is shown as withdrawn, and no receipt shows that its producer withdrew it`;
      this.#find("forged-withdrawal", item, place, message);
    }
  }

  /** By a later entry, of the same producer, about the same id. */
  #isBacked(stub: ToldItem, withdrawals: readonly KnownReceipt[]): boolean {
    const originator = this.#book.get(stub.seq)?.originator;
    if (originator === undefined) return false;
    return withdrawals.some(
      ({ head, sent, originator: by }) =>
        head.seq > stub.seq && by === originator && sent.type === stub.object.type,
    );
  }

  #find(code: FindingCode, { seq }: ToldItem, place: string, message: string): void {
    this.findings.push({ code, seq, place, message });
  }
}

const UNLOGGED = "it was delivered, and no valid receipt shows that it was logged";

function isWithdrawal({ head }: KnownReceipt): boolean {
  return head.kind === "withdrawn";
}

function isLater(one: KnownReceipt, than: KnownReceipt): boolean {
  return one.head.seq > than.head.seq && one.originator === than.originator;
}

/** Of the receipts' checkpoints, those whose tree is not the one of these tiles. */
export async function checkpointsApart(book: ReceiptBook, readTile: ReadTile): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { origin, size, root } of book.checkpoints.values()) {
    if (size > 0 && sameHash(await rootFromTiles(size, readTile), root)) continue;
    const message = `the tiles have another root at size ${size} than the checkpoint of ${origin}`;
    findings.push({ code: "other-history", seq: null, place: "tiles", message });
  }
  return findings;
}
