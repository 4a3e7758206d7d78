import { formatCursor, type RealmName } from "@suar/contract";
import type { AssetMarks, Tlp } from "@suar/stix";

/**
 * One entry of a realm's log: one object version, in one rendition, for one audience. `body` is the
 * rendition's JSON text, which goes out as it is; a withdrawn rendition's body is `{type, id, modified}` alone.
 */
export type Entry = {
  readonly seq: number;
  /** RFC 3339 with six decimals; strictly increasing with `seq`. */
  readonly at: string;
  readonly kind: string;
  /** It was a release, and tells of its withdrawal by now: nobody is handed the release any more. */
  readonly isStub: boolean;
  readonly renditionId: number;
  /** Organisations it is addressed to. */
  readonly audience: ReadonlySet<number>;
  /** Those of them who may see it no more. */
  readonly closedTo?: ReadonlySet<number> | undefined;
  /** Milliseconds of the epoch, from when on its producer alone may see it. */
  readonly endsAt?: number | undefined;
  readonly producerId: number;
  readonly producer: string;
  readonly tlp: Tlp;
  readonly stixId: string;
  readonly body: string;
  /** What is said of the objects that it names, of each the last first; only where somebody asks for it (`with-named.ts`). */
  readonly named?: readonly (readonly Said[])[] | undefined;
};

/** What was said of an object's assets, and to whom; undefined: its id says it, to everybody. */
export type Said = { readonly marks: AssetMarks; readonly to: ReadonlySet<number> | undefined };

/** A log's identity and length. */
export type Head = { epoch: string; seq: number };

/** The item as every channel carries it, without parsing the body again. */
export function itemText(entry: Entry, realm: RealmName, epoch: string): string {
  const cursor = formatCursor({ epoch, seq: entry.seq });
  const { seq, at, kind, tlp, producer } = entry;
  return `${JSON.stringify({ seq, cursor, at, realm, kind, tlp, producer }).slice(0, -1)},"object":${entry.body}}`;
}
