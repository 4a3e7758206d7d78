import {
  microsFromTimestamp,
  revocationOf,
  type StixObject,
  suarId,
  type Tlp,
  timestampFromMicros,
  tlpMarkingId,
} from "@suar/stix";
import type { RevokedVersion } from "../store/rendition.ts";

/** Undefined where STIX has none (see `revocationOf`), and for what has no version. */
export function revokedVersion(
  object: StixObject,
  { producer, tlp, at }: { producer: string; tlp: Tlp; at: Date },
): RevokedVersion | undefined {
  const { modified } = object;
  if (typeof modified !== "string") return undefined;
  const micros = after(modified, at);
  const revoked = revocationOf(object, {
    modified: timestampFromMicros(micros),
    author: suarId("identity", producer),
    markings: [tlpMarkingId(tlp)],
  });
  return revoked && { body: JSON.stringify(revoked), rank: Number(micros) };
}

/** Later than the version that it follows (STIX 2.1 §3.6), which may be dated ahead of our clock. */
function after(modified: string, at: Date): bigint {
  const now = BigInt(at.getTime()) * 1_000n;
  const last = microsFromTimestamp(modified);
  return now > last ? now : last + 1_000n;
}
