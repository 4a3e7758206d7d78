import type { VersionRefusal } from "@suar/stix";
import type { ReleaseOutcome } from "../context/release-item.ts";

type Refusal = VersionRefusal | "withdrawn" | "out-of-range";

const REFUSALS = {
  "another-content": {
    code: "same-version-differs",
    reason:
      "You stated this id and modified time with other content or another marking; give it a newer modified",
  },
  older: { code: "older-version", reason: "You stated a newer version of this already" },
  withdrawn: {
    code: "older-version",
    reason: "You withdrew this version; give it a newer modified to state it again",
  },
  revoked: { code: "revoked", reason: "You revoked this object: state it again under another id" },
  "another-creator": {
    code: "another-creator",
    reason: "You stated this object as created by another identity: state yours under an id of its own",
  },
  "out-of-range": {
    code: "modified-out-of-range",
    reason:
      "Versions have an order up to the year 2254: its modified, or one that you stated before, lies beyond",
  },
} as const satisfies Record<Refusal, { code: string; reason: string }>;

export function refuse(id: string, why: Refusal): { kind: "done"; outcome: ReleaseOutcome } {
  return { kind: "done", outcome: { outcome: "rejected", id, ...REFUSALS[why] } };
}
