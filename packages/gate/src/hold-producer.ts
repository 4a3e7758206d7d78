import type { Queryable } from "@suar/runtime";
import { isLimited } from "./individual-limits.ts";
import type { ReleaseContext } from "./release-item.ts";
import { lockExporter } from "./store/individuals.ts";
import { lockProducer } from "./store/version.ts";

/**
 * Until the transaction ends nobody else releases as the producer, nor, where its jurisdiction counts the people whom it
 * tells of, as any other organisation there: of two releases that each fit into a quota only one may be left to.
 */
export async function holdProducer(
  db: Queryable,
  { gate, producer, policies }: Pick<ReleaseContext, "gate" | "producer" | "policies">,
): Promise<void> {
  await lockProducer(db, gate.realm, producer.id);
  if (isLimited(policies, producer.member)) await lockExporter(db, gate.realm, producer.member);
}
