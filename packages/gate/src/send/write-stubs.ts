import type { PoolClient } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { insertStubs, type LossStub } from "../store/closed.ts";
import { renditionIds, selectBodies } from "../store/rendition.ts";
import { revokedVersion } from "./revoked-version.ts";

/**
 * What tells readers of the loss of copies of a version: in their order, a rendition for each. TAXII shows those whose
 * type can say it the version that revokes it.
 */
export async function writeStubs(
  db: PoolClient,
  { gate, producer }: ReleaseContext,
  { kind }: KnownVersion,
  copies: readonly number[],
): Promise<LossStub[]> {
  const ids = await renditionIds(db, gate, copies.length);
  const bodies = await selectBodies(db, copies);
  const at = new Date();
  const stubs = copies.map((of, n) => {
    const rendition = kind === "alert" ? undefined : bodies.get(of);
    const object = rendition && (JSON.parse(rendition.body) as StixObject);
    const sent = rendition && { producer: producer.code, tlp: rendition.tlp, at };
    return { id: ids[n] ?? 0, of, revocation: object && sent && revokedVersion(object, sent) };
  });
  const written = await insertStubs(db, stubs);
  return stubs.flatMap(({ id }) => written.get(id) ?? []);
}
