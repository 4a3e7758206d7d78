import type { Organisation } from "@suar/policy";
import type { Realm, Secrets } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { SubmissionOptions } from "@suar/submit";
import type { NormalizeContext } from "./read-drafts.ts";

/** What normalization knows of a submission besides its bytes; the same for a dry run and for the job. */
export function normalizeContext(
  realm: Realm,
  secrets: Secrets,
  producer: Organisation,
  receivedAt: string,
  { kind, origin, people }: SubmissionOptions,
): NormalizeContext {
  return {
    producer: producer.code,
    producerIdentity: suarId("identity", producer.code),
    idMac: secrets.mac(realm.purpose("object-id")),
    receivedAt,
    ...(kind && { kind }),
    ...(origin && { redApart: true }),
    ...(people && { toPeople: true }),
  };
}
