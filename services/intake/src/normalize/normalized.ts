import type { Hit, Reject, WarningLists } from "@suar/formats";
import type { Pap, StixObject, Tlp } from "@suar/stix";

/** What a draft became: an object with its final id and canonical values. Pure data, ready to be staged. */
export type Normalized = {
  index: number;
  local?: string;
  /** Its TLP is not among its markings yet, and its references may still be locals. */
  object: StixObject;
  tlp?: Tlp;
  pap?: Pap;
  /** Locals or ids of what it holds. */
  contains: string[];
  /** Codes of the organisations that the content itself addresses. */
  to?: string[];
  /** `created` and `modified` are Suar's: the producer's format has none. */
  generated: boolean;
  /** SHA-256 of the canonical JSON, without what Suar filled in from the time of receipt. */
  contentHash: Buffer;
  /** Observable keys. */
  keys: string[];
  /** Whose statement its row says that it is, by code; which id that has as it says, and would have by its value. */
  said?: { by: string; id?: string; byValue: string };
  /** Warning lists that its values are on. */
  warnings?: readonly Hit[];
};

export type NormalizeResult = { ok: true; items: Normalized[] } | { ok: false; reject: Reject };

export type DraftContext = {
  /** Code of the organisation that submits. */
  producer: string;
  /** Its identity object's id. */
  producerIdentity: string;
  /** Names what Suar makes: an id that could be worked out from the content would betray it. */
  idMac: (text: string) => string;
  receivedAt: string;
  /** Those that count for its submitter. */
  warnings: WarningLists;
};
