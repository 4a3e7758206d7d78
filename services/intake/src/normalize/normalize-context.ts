import type { Organisation } from "@suar/policy";
import type { Platform, Realm } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { NormalizeContext } from "./read-drafts.ts";

/**
 * What normalization knows of a submission besides its bytes; the same for a dry run and for the job. Its values are held
 * against the warning lists that count for their submitter at this moment.
 */
export async function normalizeContext(
  { secrets, warnings }: Pick<Platform, "secrets" | "warnings">,
  realm: Realm,
  producer: Organisation,
  receivedAt: string,
  { kind, origin, people }: SubmissionOptions,
): Promise<NormalizeContext> {
  return {
    producer: producer.code,
    producerIdentity: suarId("identity", producer.code),
    idMac: secrets.mac(realm.purpose("object-id")),
    receivedAt,
    warnings: await warnings.of(producer.id, realm.name),
    ...(kind && { kind }),
    ...(origin && { redApart: true }),
    ...(people && { toPeople: true }),
  };
}
