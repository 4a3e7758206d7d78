import type { PoolClient } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { insertStubs, type LossStub } from "../store/closed.ts";
import { renditionIds, selectBodies } from "../store/rendition.ts";
import { revokedVersion } from "./revoked-version.ts";

/** A copy that is lost, and what its version is in the log. */
type LostCopy = Pick<KnownVersion, "kind"> & { of: number };

/**
 * What tells readers of the loss of copies: a rendition for each, known by that of the copy. TAXII shows those whose type
 * can say it the version that revokes it.
 */
export async function writeStubs(
  db: PoolClient,
  { gate, producer }: ReleaseContext,
  copies: readonly LostCopy[],
): Promise<ReadonlyMap<number, LossStub>> {
  const ids = await renditionIds(db, gate, copies.length);
  const bodies = await selectBodies(
    db,
    copies.map(({ of }) => of),
  );
  const at = new Date();
  const stubs = copies.map(({ kind, of }, n) => {
    const rendition = kind === "alert" ? undefined : bodies.get(of);
    const object = rendition && (JSON.parse(rendition.body) as StixObject);
    const sent = rendition && { producer: producer.code, tlp: rendition.tlp, at };
    return { id: ids[n] ?? 0, of, revocation: object && sent && revokedVersion(object, sent) };
  });
  const written = await insertStubs(db, stubs);
  return new Map(
    stubs.flatMap(({ id, of }) => {
      const stub = written.get(id);
      return stub === undefined ? [] : [[of, stub] as const];
    }),
  );
}
