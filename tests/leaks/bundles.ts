import { randomUUID } from "node:crypto";
import { domainId } from "./canaries.ts";
import type { PlantedTlp } from "./oracle.ts";

/** TLP 2.0 marking definitions (STIX 2.1 extension of FIRST). */
const MARKING: Record<PlantedTlp | "red", string> = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
  red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

/** A word that every planted object holds, so that one search finds all that a reader may see. */
export const COMMON_WORD = "lighthouse";

/** A STIX object as somebody writes it. */
export type Written = { id: string; [field: string]: unknown };

const AT = "2026-01-05T08:00:00.000Z";
/** Lately: what is old is in no blocklist. */
const VALID_FROM = new Date(Date.now() - 86_400_000).toISOString();

/** A STIX domain object with its canary in every field that takes text. */
export function sdo(type: string, canary: string, fields: object, tlp?: PlantedTlp): Written {
  return {
    type,
    spec_version: "2.1",
    id: `${type}--${randomUUID()}`,
    created: AT,
    modified: AT,
    ...fields,
    labels: [`${canary}-label`],
    external_references: [
      {
        source_name: `${canary} source`,
        description: `${canary} reference`,
        url: `https://${canary}r.example.org/`,
      },
    ],
    ...(tlp && { object_marking_refs: [MARKING[tlp]] }),
  };
}

export function indicator(canary: string, tlp?: PlantedTlp): Written {
  const fields = {
    name: `${canary} name ${COMMON_WORD}`,
    description: `${canary} description`,
    pattern: `[domain-name:value = '${canary}v.example.com']`,
    pattern_type: "stix",
    valid_from: VALID_FROM,
  };
  return sdo("indicator", canary, fields, tlp);
}

/** Everything that a report may hold, all with the same canary and the same marking. */
export function wholeReport(canary: string, tlp?: PlantedTlp): Written[] {
  const marking = tlp && { object_marking_refs: [MARKING[tlp]] };
  const found = indicator(canary, tlp);
  const malware = sdo(
    "malware",
    canary,
    { name: `${canary} malware`, description: `${canary} of it`, is_family: false },
    tlp,
  );
  const identity = sdo(
    "identity",
    canary,
    { name: `${canary} victim`, contact_information: `${canary}@example.org` },
    tlp,
  );
  const domain = {
    type: "domain-name",
    spec_version: "2.1",
    id: domainId(`${canary}d.example.net`),
    value: `${canary}d.example.net`,
    ...marking,
  };
  const file = {
    type: "file",
    spec_version: "2.1",
    id: `file--${randomUUID()}`,
    name: `${canary}.exe`,
    ...marking,
  };
  const relationship = sdo(
    "relationship",
    canary,
    {
      relationship_type: "indicates",
      description: `${canary} link`,
      source_ref: found.id,
      target_ref: malware.id,
    },
    tlp,
  );
  const refs = [found, malware, identity, domain, relationship].map(({ id }) => id);
  const report = sdo(
    "report",
    canary,
    { name: `${canary} report`, description: `${canary} story`, published: AT, object_refs: refs },
    tlp,
  );
  const note = sdo(
    "note",
    canary,
    { abstract: `${canary} abstract`, content: `${canary} content`, object_refs: [found.id] },
    tlp,
  );
  return [found, malware, identity, domain, file, relationship, report, note];
}
