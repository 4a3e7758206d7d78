import { randomUUID } from "node:crypto";
import { until } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { COMMON_WORD, indicator, sdo, wholeReport } from "./bundles.ts";
import { type Canary, domainId } from "./canaries.ts";
import { isPublic, type PlantedTlp } from "./oracle.ts";
import type { Reader } from "./readers.ts";
import { audience, JSON_TYPE, type Sower, submit } from "./sower.ts";

/** The marking is in the content of every other one, and in the parameter of the rest. */
export async function plantReport(
  sower: Sower,
  producer: string,
  tlp: PlantedTlp,
  to: readonly string[],
): Promise<void> {
  const what = `TLP:${tlp.toUpperCase()} of ${producer} to ${to.join(" and ") || "nobody named"}`;
  const canary = sower.canaries.plant(what, "content", audience({ tlp, producer, to }), {
    isPublic: isPublic({ tlp, to }),
  });
  const inContent = sower.canaries.all().length % 2 === 0;
  const recipients = to.length === 0 ? "" : `to=${to.join(",")}`;
  const query = inContent ? `?${recipients}` : `?tlp=${encodeURIComponent(tlp)}&${recipients}`;
  const report = bundleOf(...wholeReport(canary.text, inContent ? tlp : undefined));
  const { body } = await submit(sower, producer, query, report, JSON_TYPE);
  if (body.counts.rejected > 0) throw new Error(`${what}: ${JSON.stringify(body.records)}`);
}

export async function plantFormats(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const csv = canaries.plant(
    "a table for TH",
    "content",
    audience({ tlp: "amber", producer: "MY", to: ["TH"] }),
  );
  await submit(
    sower,
    "MY",
    "?tlp=amber&to=TH",
    `value,description\n${csv.text}v.example.com,${csv.text} seen ${COMMON_WORD}\n`,
    "text/csv",
  );
  const text = canaries.plant(
    "pasted text",
    "content",
    audience({ tlp: "amber+strict", producer: "CN", to: ["VN"] }),
  );
  await submit(
    sower,
    "CN",
    "?tlp=amber%2Bstrict&to=VN&format=text",
    `see hxxp://${text.text}v[.]example[.]com/x`,
    "text/plain",
  );
  const incident = canaries.plant(
    "an incident's narrative",
    "content",
    audience({ tlp: "amber", producer: "SG", to: ["MY"] }),
  );
  const narrative = `${incident.text} ${COMMON_WORD}\nOur mail server talked to ${incident.text}v.example.com\n`;
  await submit(sower, "SG", "?tlp=amber&to=MY&format=text&kind=incident", narrative, "text/plain");
  const misp = canaries.plant(
    "a MISP event",
    "content",
    audience({ tlp: "amber+strict", producer: "SG", to: ["PH"] }),
  );
  await submit(sower, "SG", "?to=PH&format=misp", mispEvent(misp.text), JSON_TYPE);
}

function mispEvent(canary: string): string {
  const attribute = {
    uuid: randomUUID(),
    type: "domain",
    category: "Network activity",
    value: `${canary}v.example.com`,
    comment: `${canary} comment`,
    to_ids: true,
    timestamp: "1767600000",
  };
  const event = {
    uuid: randomUUID(),
    info: `${canary} ${COMMON_WORD}`,
    date: "2026-01-05",
    timestamp: "1767600000",
    threat_level_id: "2",
    analysis: "1",
    distribution: "0",
  };
  return JSON.stringify({ Event: { ...event, Tag: [{ name: "tlp:amber+strict" }], Attribute: [attribute] } });
}

/**
 * First for all, then a newer version as AMBER for MY alone: of those who had the first, SG's own clients keep it, and nobody
 * but MY and its clients gets the second.
 */
export async function plantNewerVersion(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const narrowed = audience({ tlp: "amber", producer: "SG", to: ["MY"] });
  const unnamed = audience({ tlp: "amber", producer: "SG" });
  const kept = (reader: Reader): boolean => narrowed(reader) || unnamed(reader);
  const first = canaries.plant("the first version", "content", kept, {
    superseded: true,
    mightBefore: audience({ tlp: "green", producer: "SG" }),
  });
  const second = canaries.plant("the narrower second version", "content", narrowed);
  const original = indicator(first.text);
  await submit(sower, "SG", "?tlp=green", bundleOf(original), JSON_TYPE);
  const newer = { ...indicator(second.text), id: original.id, modified: "2026-01-06T08:00:00.000Z" };
  await submit(sower, "SG", "?tlp=amber&to=MY", bundleOf(newer), JSON_TYPE);
}

/** What is marked wider than what it tells of: it goes no further than that. */
export async function plantMixedMarkings(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const strict = audience({ tlp: "amber+strict", producer: "SG", to: ["TH"] });
  const target = canaries.plant("a strict target", "content", strict);
  const link = canaries.plant("a green link to a strict target", "content", strict);
  const child = canaries.plant("a green child of a strict report", "content", strict);
  const malware = sdo(
    "malware",
    target.text,
    { name: `${target.text} ${COMMON_WORD}`, is_family: false },
    "amber+strict",
  );
  const source = indicator(target.text, "amber+strict");
  const relationship = sdo(
    "relationship",
    link.text,
    {
      relationship_type: "indicates",
      description: link.text,
      source_ref: source.id,
      target_ref: malware.id,
    },
    "green",
  );
  const inside = indicator(child.text, "green");
  const fields = {
    name: `${target.text} report`,
    published: "2026-01-05T08:00:00.000Z",
    object_refs: [inside.id],
  };
  const report = sdo("report", target.text, fields, "amber+strict");
  // The strict report comes last: its child was read long before.
  await submit(sower, "SG", "?to=TH", bundleOf(inside, relationship, source, malware, report), JSON_TYPE);
}

/** Green objects that name a strict one: each reader sees them, and only some see it named. */
export async function plantWiderNames(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const strict = audience({ tlp: "amber+strict", producer: "SG", to: ["VN"] });
  const green = audience({ tlp: "green", producer: "SG" });
  const hidden = canaries.plant("an observable that a green report names", "content", strict);
  const wide = canaries.plant("a green report that names what is strict", "content", green);
  const lonely = canaries.plant("a green note about what is strict alone", "content", strict);
  const value = `${hidden.text}v.example.com`;
  const domain = { type: "domain-name", spec_version: "2.1", id: domainId(value), value };
  await submit(sower, "SG", "?tlp=amber%2Bstrict&to=VN", bundleOf(domain), JSON_TYPE);
  const shown = indicator(wide.text);
  const fields = {
    name: `${wide.text} ${COMMON_WORD}`,
    published: "2026-01-05T08:00:00.000Z",
    object_refs: [shown.id, domain.id],
  };
  const note = { content: `${lonely.text} ${COMMON_WORD}`, object_refs: [domain.id] };
  const about = [sdo("report", wide.text, fields), sdo("note", lonely.text, note)];
  await submit(sower, "SG", "?tlp=green", bundleOf(shown, ...about), JSON_TYPE);
}

/** Two have an indicator, and one of them saw it: that one and who stated it know, the other does not. */
export async function plantSighting(sower: Sower): Promise<void> {
  const { canaries } = sower;
  const stated = canaries.plant("a sighted indicator", "content", toBoth);
  const seen = canaries.plant(
    "a sighting",
    "content",
    audience({ tlp: "amber+strict", producer: "MY", to: ["CN"] }),
  );
  const object = indicator(stated.text);
  await submit(sower, "CN", "?tlp=amber%2Bstrict&to=MY,TH", bundleOf(object), JSON_TYPE);
  const { api } = sower.as("MY");
  const sighting = await until(30_000, "the indicator at MY's", async () => {
    const { status, body } = await api.post(`/v1/objects/${object.id}/sightings`, {
      tlp: "amber+strict",
      description: `${seen.text} ${COMMON_WORD}`,
    });
    return status === 202 ? body.sightings[0] : undefined;
  });
  await until(30_000, "the sighting", async () => {
    const { status } = await api.get(`/v1/objects/${sighting.id}`);
    return status === 200 ? true : undefined;
  });
  const made = { id: sighting.id, organisation: "MY", realm: "live" } as const;
  sower.things.object.push(made);
  sower.things.stated.push(made);
  sower.things.submission.push({ ...made, id: sighting.submission });
}

const toBoth = audience({ tlp: "amber+strict", producer: "CN", to: ["MY", "TH"] });

/** For all at first: taken back later. */
/** Something between two that was taken back: nobody else learns that it was there. */
export async function plantRecall(sower: Sower): Promise<void> {
  const body = "value\nrecalled-between-two.example.com\n";
  const answer = await submit(sower, "SG", "?tlp=amber%2Bstrict&to=TH", body, "text/csv");
  const [id] = (answer.body.records as { ids: string[] }[]).flatMap(({ ids }) => ids);
  const { api } = sower.as("SG");
  const withdrawn = await api.post(`/v1/objects/${id}/withdraw`);
  if (withdrawn.status !== 200) throw new Error(withdrawn.text);
  sower.things.recall.push({ id: withdrawn.body.recall, organisation: "SG", realm: "live", also: ["TH"] });
}

export async function plantWhatIsWithdrawn(sower: Sower): Promise<{ canary: Canary; ids: string[] }> {
  const canary = sower.canaries.plant(
    "what is withdrawn later",
    "content",
    audience({ tlp: "green", producer: "SG" }),
  );
  const { body } = await submit(sower, "SG", "?tlp=green", bundleOf(...wholeReport(canary.text)), JSON_TYPE);
  return { canary, ids: (body.records as { ids: string[] }[]).flatMap(({ ids }) => ids) };
}
