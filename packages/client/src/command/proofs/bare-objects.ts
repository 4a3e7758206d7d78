import { bodyHash } from "@suar/merkle";
import {
  canonicalJson,
  isBareRevocation,
  type StixObject,
  Tlp,
  tlpMarkingDefinition,
  tlpMarkingId,
} from "@suar/stix";
import { z } from "zod";
import type { Finding } from "./findings.ts";
import type { KeptListing, KeptObject } from "./read-delivered.ts";
import type { KnownReceipt, ReceiptBook } from "./receipt-book.ts";

type Kept = { place: string; type: string; hash: string; isRevocation: boolean };
type Listed = KeptListing["listed"] & { place: string };

/**
 * Objects that were delivered without their place in the log: each must be what some receipt of its id shows. Of each its
 * hash is held, not its body.
 */
export class BareObjects {
  /** Places of the log that were delivered by them. */
  readonly delivered = new Set<number>();
  readonly #objects = new Map<string, Map<string, Kept>>();
  readonly #listed = new Map<string, Listed[]>();

  add({ object, place }: KeptObject): void {
    if (isReference(object)) return;
    const kept = this.#objects.get(object.id) ?? new Map<string, Kept>();
    const hash = bodyHash(JSON.stringify(object));
    kept.set(hash, { place, type: object.type, hash, isRevocation: isBareRevocation(object) });
    this.#objects.set(object.id, kept);
  }

  list({ listed, place }: KeptListing): void {
    if (isListedReference(listed)) return;
    this.#listed.set(listed.id, [...(this.#listed.get(listed.id) ?? []), { ...listed, place }]);
  }

  /** When all of both is read. */
  close(book: ReceiptBook): Finding[] {
    const wanted = new Set([...this.#objects.keys(), ...this.#listed.keys()]);
    const known = Map.groupBy(
      [...book.all()].filter(({ sent }) => wanted.has(sent.id)),
      ({ sent }) => sent.id,
    );
    const findings: Finding[] = [];
    for (const [id, objects] of this.#objects)
      for (const one of objects.values()) findings.push(...this.#back(id, one, known.get(id) ?? []));
    for (const [id, all] of this.#listed)
      for (const one of all)
        if (!(known.get(id) ?? []).some(({ head }) => head.loggedAt === one.date_added))
          findings.push(unbacked(id, one.place, `is listed as added at ${one.date_added}`));
    return findings;
  }

  #back(id: string, one: Kept, receipts: readonly KnownReceipt[]): Finding[] {
    const backing = receipts.filter((receipt) => shows(receipt, one));
    for (const { head } of backing) this.delivered.add(head.seq);
    if (backing.length > 0) return [];
    const others = receipts.length > 0 ? ", and its receipts show other bodies" : "";
    return [unbacked(id, one.place, `was delivered${others}`)];
  }
}

/** A withdrawal is told by the version that revokes the object, which says nothing else. */
function shows({ head, sent }: KnownReceipt, { type, hash, isRevocation }: Kept): boolean {
  if (sent.type !== type) return false;
  if (head.kind !== "withdrawn") return sent.sha256 === hash;
  return isRevocation && (sent.revocation === undefined || sent.revocation === hash);
}

function unbacked(id: string, place: string, what: string): Finding {
  const message = `${id} ${what}, and no valid receipt shows that this was logged`;
  return { code: "no-receipt", seq: null, place, message };
}

const TLP = new Map(Tlp.options.map((tlp) => [tlpMarkingId(tlp), canonicalJson(tlpMarkingDefinition(tlp))]));

/** An organisation of the directory: its name and sector, and that it says so itself. */
const Organisation = z.strictObject({
  type: z.literal("identity"),
  spec_version: z.literal("2.1"),
  id: z.string(),
  created_by_ref: z.string(),
  created: z.string(),
  modified: z.string(),
  name: z.string().max(200),
  identity_class: z.literal("organization"),
  sectors: z.array(z.string()).length(1).optional(),
  object_marking_refs: z.array(z.string()).length(1),
});

/** What every collection holds beside the log, so that references lead somewhere: it is released by nobody. */
function isReference(object: StixObject): boolean {
  if (TLP.has(object.id)) return TLP.get(object.id) === canonicalJson(object);
  const organisation = Organisation.safeParse(object);
  return organisation.success && organisation.data.created_by_ref === object.id;
}

/** They were added when they were made; what is logged comes later. */
function isListedReference({ id, date_added: added, version }: Listed | KeptListing["listed"]): boolean {
  const toMilliseconds = (timestamp: string) => timestamp.slice(0, 23);
  const isOfThem = TLP.has(id) || id.startsWith("identity--");
  return isOfThem && toMilliseconds(added) === toMilliseconds(version.padEnd(23, "0"));
}
