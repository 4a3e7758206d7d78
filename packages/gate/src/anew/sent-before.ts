import type { Queryable } from "@suar/runtime";
import type { EarlierCopy } from "../copies/copy-ids.ts";
import type { Readers } from "../copies/sights.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { selectAudience } from "../store/audience.ts";

/** A copy of a version that readers have, with the hash of its view; without one, the whole object. */
export type SentCopyBefore = {
  id: string;
  viewHash: string | undefined;
  renditionId: number;
  readers: Readers;
};

/** Readers, by renditions. */
type Gone = ReadonlyMap<number, ReadonlySet<number>>;

/** What readers were sent of an object so far, version by version. */
export class SentBefore {
  readonly #versions: ReadonlyMap<string, readonly KnownVersion[]>;
  readonly #audiences: ReadonlyMap<number, Readers>;
  readonly #gone: Gone;

  private constructor(
    versions: ReadonlyMap<string, readonly KnownVersion[]>,
    audiences: ReadonlyMap<number, Readers>,
    gone: Gone = new Map(),
  ) {
    this.#versions = versions;
    this.#audiences = audiences;
    this.#gone = gone;
  }

  static async read(
    db: Queryable,
    versions: ReadonlyMap<string, readonly KnownVersion[]>,
  ): Promise<SentBefore> {
    const ids = new Set<number>();
    for (const version of [...versions.values()].flat()) {
      ids.add(version.audience_id);
      for (const { audience_id } of version.redactions) ids.add(audience_id);
    }
    return new SentBefore(versions, await selectAudience(db, [...ids]));
  }

  /** The same without those for whom renditions are as if they had never been sent. */
  without(gone: Gone): SentBefore {
    return new SentBefore(this.#versions, this.#audiences, gone);
  }

  /** The copies of one version, the whole one first. */
  of(version: KnownVersion): [SentCopyBefore, ...SentCopyBefore[]] {
    const { stix_id: id, rendition_id: renditionId, audience_id: audience } = version;
    return [
      { id, viewHash: undefined, renditionId, readers: this.#readers(audience, renditionId) },
      ...version.redactions.map((one) => ({
        id: one.shown_id,
        viewHash: one.view,
        renditionId: one.rendition_id,
        readers: this.#readers(one.audience_id, one.rendition_id),
      })),
    ];
  }

  /** Redacted copies of all versions of an id, the newest first. */
  copiesOf(id: string): EarlierCopy[] {
    const versions = this.#versions.get(id)?.filter(({ redactions }) => redactions.length > 0) ?? [];
    if (versions.length === 0) return [];
    return versions
      .toSorted((a, b) => b.rank - a.rank)
      .flatMap((version) => this.of(version).slice(1))
      .map((copy) => ({ id: copy.id, readers: copy.readers }));
  }

  #readers(audience: number, rendition: number): Readers {
    const readers = this.#audiences.get(audience) ?? [];
    const gone = this.#gone.get(rendition);
    return gone === undefined ? readers : readers.filter((reader) => !gone.has(reader));
  }
}
