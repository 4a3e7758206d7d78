import {
  GROUP_NAMES,
  History,
  type PolicyCheckpoint,
  parseReceipt,
  type Receipt,
  type VerifiedReceipt,
  type VerifyOptions,
  verifyReceipt,
} from "@suar/merkle";
import { IndividualCount } from "./count-individuals.ts";
import type { Finding } from "./findings.ts";
import { partsOf } from "./renew-receipt.ts";
import { readOriginal, readWhy, type WhyValue } from "./why-value.ts";

/** What is kept of a receipt that was verified. */
export type KnownReceipt = Pick<VerifiedReceipt, "head" | "sent" | "originator"> & {
  place: string;
  /** It went to others alone, and is kept by who released it. */
  isForOthers: boolean;
  groups: string[];
  /** Whose words it was released or taken back on, where on any. */
  why: WhyValue | undefined;
  /** The id of what it was made of; told to its originator alone. */
  original: string | undefined;
};

/** Whom to believe, the time in seconds, and, if said, to whom every receipt has to show that it went. */
export type BookOptions = Pick<VerifyOptions, "policy" | "now" | "organisation">;

/** Many receipts stand under few checkpoints. */
const MOST_OPENED = 64;

/** A member's receipts, each verified, and one history all of them; what is wrong with them are its findings. */
export class ReceiptBook {
  readonly findings: Finding[] = [];
  readonly checkpoints = new Map<string, VerifiedReceipt["checkpoint"]>();
  readonly individuals = new IndividualCount();
  /** Entries whose receipts fail for want of witnesses. */
  readonly waiting = new Set<number>();
  readonly #options: BookOptions;
  readonly #known = new Map<number, KnownReceipt>();
  /** Receipts that fail, until it can be told what in them is another than in one that does not. */
  readonly #failed: { receipt: Receipt; finding: Finding }[] = [];
  readonly #history = new History();
  #opened = new Map<string, PolicyCheckpoint | undefined>();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#known.size;
  }

  get(seq: number): KnownReceipt | undefined {
    return this.#known.get(seq);
  }

  all(): IterableIterator<KnownReceipt> {
    return this.#known.values();
  }

  add(text: string, place: string): void {
    if (this.#opened.size >= MOST_OPENED) this.#opened = new Map();
    const checked = checkReceipt(text, place, { ...this.#options, opened: this.#opened });
    if ("verified" in checked) this.#keep(checked.receipt, checked.verified, place);
    else if (checked.finding.code === "not-included" && checked.receipt !== undefined)
      this.#failed.push({ receipt: checked.receipt, finding: checked.finding });
    else this.#fail(checked.finding);
  }

  #fail(finding: Finding): void {
    this.findings.push(finding);
    if (finding.code === "too-few-witnesses" && finding.seq !== null) this.waiting.add(finding.seq);
  }

  #keep(receipt: Receipt, verified: VerifiedReceipt, place: string): void {
    const { head, sent, originator, recipient, checkpoint, values } = verified;
    const { seq } = head;
    this.checkpoints.set(`${checkpoint.origin}\n${checkpoint.size}`, checkpoint);
    if (!this.#history.add(verified))
      this.findings.push({
        code: "other-history",
        seq,
        place,
        message: "its checkpoint is of another history than those of the receipts before it",
      });
    const known = this.#known.get(seq);
    const groups = partsOf(receipt);
    if (known === undefined) {
      this.individuals.add(verified);
      const words = { why: readWhy(values.why), original: readOriginal(values.from) };
      const { organisation } = this.#options;
      const isForOthers = originator === organisation && recipient !== organisation;
      this.#known.set(seq, { head, sent, originator, isForOthers, place, groups, ...words });
    } else if (known.groups.join() !== groups.join())
      this.findings.push({
        code: "two-contents",
        seq,
        place,
        message: `${known.place} shows another entry of this number (${differences(known.groups, groups)})`,
      });
  }

  /** When all are read: of receipts that the log does not hold, what in them is another than in one that it does. */
  close(): void {
    for (const { receipt, finding } of this.#failed.splice(0)) {
      const known = this.#known.get(receipt.seq);
      const where = known === undefined ? "" : differences(known.groups, partsOf(receipt));
      const isDecision =
        where !== "" && where.split(", ").every((name) => name === "why" || name === "rules");
      const message =
        where === "" ? finding.message : `${finding.message}; ${known?.place} has another: ${where}`;
      this.findings.push({ ...finding, message, ...(isDecision && { code: "changed-decision" as const }) });
    }
  }
}

/** One receipt, read and verified by itself. */
export function checkReceipt(
  text: string,
  place: string,
  options: VerifyOptions,
): { verified: VerifiedReceipt; receipt: Receipt } | { finding: Finding; receipt?: Receipt } {
  const read = parseReceipt(text);
  if (!read.ok)
    return {
      finding: { code: "unreadable", seq: null, place, message: `no receipt: ${read.at} ${read.message}` },
    };
  const receipt = read.value;
  const result = verifyReceipt(receipt, options);
  if (result.ok) return { verified: result.receipt, receipt };
  return { finding: { code: result.code, seq: receipt.seq, place, message: result.message }, receipt };
}

const PARTS = ["head", ...GROUP_NAMES];

function differences(one: readonly string[], other: readonly string[]): string {
  return PARTS.filter((_, at) => one[at] !== other[at]).join(", ");
}
