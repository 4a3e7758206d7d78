import { createHash } from "node:crypto";
import type { AdvisoryDraft } from "@suar/contract";
import type { ReleaseItem } from "@suar/gate";
import { canonicalJson, type StixObject, suarId, timestampFromDate, tlpMarkingId } from "@suar/stix";

/** The STIX id of an advisory: the same through all its versions. */
export function advisoryStixId(organisation: string, id: string): string {
  return suarId("report", "advisory", organisation, id);
}

export type AdvisoryFacts = {
  id: string;
  organisation: string;
  created: Date;
  at: Date;
  content: AdvisoryDraft;
};

/** An advisory as a STIX report: title, text, severity as a label, and the objects that it is about. */
export function advisoryItem({ id, organisation, created, at, content }: AdvisoryFacts): ReleaseItem {
  const author = suarId("identity", organisation);
  const object = {
    type: "report",
    spec_version: "2.1",
    id: advisoryStixId(organisation, id),
    created: timestampFromDate(created),
    modified: timestampFromDate(at),
    created_by_ref: author,
    name: content.title,
    description: content.body,
    report_types: ["threat-report"],
    published: timestampFromDate(at),
    // A report is about something (object_refs is required): its author where nothing else is named.
    object_refs: content.references.length === 0 ? [author] : content.references,
    labels: ["advisory", `severity:${content.severity}`, ...content.labels],
    object_marking_refs: [tlpMarkingId(content.tlp)],
  } as unknown as StixObject;
  return {
    kind: "advisory",
    object,
    tlp: content.tlp,
    pap: undefined,
    to: content.to,
    contentHash: createHash("sha256").update(canonicalJson(object)).digest(),
    generated: false,
    keys: [],
  };
}
