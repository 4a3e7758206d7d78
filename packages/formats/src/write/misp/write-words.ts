import { isStixId } from "@suar/stix";
import { drop } from "../../drop.ts";
import { isJsonRecord, listOf, textOf } from "../../json-value.ts";
import { isCategory } from "../../misp/categories.ts";
import type { ExportItem } from "../writer.ts";
import type { MispSighting } from "./misp-shape.ts";
import { newAttribute } from "./new-attribute.ts";
import type { Scene } from "./scene.ts";

/** What is said about what the event holds: relationships, sightings, doubts, times and prose. */
export function writeWords(scene: Scene): void {
  for (const item of [...scene.left()]) {
    const { type } = item.object;
    if (type === "relationship") writeRelationship(scene, item);
    else if (type === "observed-data") writeSeen(scene, item);
    else if (type === "sighting") writeSighting(scene, item);
    else if (type === "opinion") writeDoubt(scene, item);
    else if (type === "note") writeNote(scene, item);
  }
  for (const item of scene.all()) writeEnd(scene, item);
}

/** In MISP an object refers, to an object or an attribute; an attribute refers to nothing. */
function writeRelationship(scene: Scene, { object }: ExportItem): void {
  const source = scene.writtenOf(object.source_ref)?.object;
  const target = scene.writtenOf(object.target_ref);
  const referred = target?.object?.uuid ?? target?.attributes[0]?.uuid;
  if (source === undefined || referred === undefined) return;
  source.ObjectReference.push({
    uuid: scene.uuid(object.id),
    object_uuid: source.uuid,
    referenced_uuid: referred,
    relationship_type: String(object.relationship_type),
    comment: textOf(object.description) ?? "",
    timestamp: scene.event.timestamp,
    deleted: false,
  });
  scene.absorb(object.id);
}

function writeSeen(scene: Scene, { object }: ExportItem): void {
  const times = drop({ first_seen: textOf(object.first_observed), last_seen: textOf(object.last_observed) });
  for (const id of listOf(object.object_refs)) {
    const written = scene.writtenOf(id);
    if (written === undefined) continue;
    Object.assign(written.object ?? written.attributes[0] ?? {}, times);
    scene.absorb(object.id);
  }
}

function writeSighting(scene: Scene, item: ExportItem): void {
  const { object } = item;
  const [where] = listOf(object.where_sighted_refs);
  const sighter = scene.object(where);
  const name = textOf(sighter?.name);
  const said = addSighting(scene, object.sighting_of_ref, {
    uuid: scene.uuid(object.id),
    type: "0",
    source: textOf(object.description) ?? "",
    date_sighting: seconds(textOf(object.last_seen) ?? textOf(object.first_seen) ?? item.at),
    ...(name !== undefined && { Organisation: { name } }),
  });
  if (!said) return;
  scene.absorb(object.id);
  if (sighter !== undefined) scene.absorb(sighter.id);
}

/** STIX §4.15: who strongly disagrees with an indicator says that it is a false positive. */
function writeDoubt(scene: Scene, { object, at }: ExportItem): void {
  if (object.opinion !== "strongly-disagree") return;
  for (const id of listOf(object.object_refs)) {
    const explained = textOf(object.explanation)?.replace(/^False positive(?:, )?/, "") ?? "";
    const time = /(?:, |^)(\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/.exec(explained)?.[1];
    const source = time === undefined ? explained : explained.slice(0, -time.length).replace(/, $/, "");
    const doubt: MispSighting = {
      uuid: scene.uuid(object.id, String(id)),
      type: "1",
      source,
      date_sighting: seconds(time ?? textOf(object.created) ?? at),
    };
    if (addSighting(scene, id, doubt)) scene.absorb(object.id);
  }
}

/** §2.10: from when on it is no more to be looked for. */
function writeEnd(scene: Scene, { object }: ExportItem): void {
  const until = textOf(object.valid_until);
  if (object.type !== "indicator" || until === undefined) return;
  const uuid = scene.uuid(object.id, "end");
  addSighting(scene, object.id, { uuid, type: "2", source: "", date_sighting: seconds(until) });
}

function addSighting(scene: Scene, of: unknown, sighting: MispSighting): boolean {
  const attribute = scene.writtenOf(of)?.attributes[0];
  if (attribute === undefined) return false;
  attribute.Sighting = [...(attribute.Sighting ?? []), sighting];
  return true;
}

function seconds(time: string): string {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? "0" : String(Math.floor(ms / 1_000));
}

/** Prose: a line under a category is an attribute of text, all else a report of the event's. */
function writeNote(scene: Scene, item: ExportItem): void {
  const { object } = item;
  const [content, abstract] = [textOf(object.content), textOf(object.abstract)];
  if (content === undefined) return;
  if (abstract !== undefined && isCategory(abstract)) {
    const spec = { type: "text", value: content, toIds: false, category: abstract };
    const attribute = newAttribute(scene, item, spec);
    scene.event.Attribute.push(attribute);
    scene.wrote(object.id, { attributes: [attribute] });
    return;
  }
  scene.event.EventReport.push({
    uuid: scene.uuid(object.id),
    name: abstract ?? "Note",
    content: withMarkings(scene, item, content),
    timestamp: scene.event.timestamp,
    distribution: scene.distributionOf(item),
    deleted: false,
  });
  scene.absorb(object.id);
}

/** A report of an event has no tags in MISP's format: its own markings are its first line. */
function withMarkings(scene: Scene, item: ExportItem, content: string): string {
  const own = scene.markingTags(item).map(({ name }) => name.toUpperCase());
  return own.length === 0 ? content : `${own.join(" ")}\n\n${content}`;
}

/** What the report itself refers to: pages, and the event that it goes on from. */
export function writeReferences(scene: Scene): void {
  const { container } = scene;
  if (container === undefined) return;
  for (const [at, reference] of listOf(container.object.external_references).entries()) {
    if (!isJsonRecord(reference)) continue;
    const { source_name: source, url, description, external_id: number } = reference;
    if (source === "misp" && description === "The MISP event that it extends")
      scene.event.extends_uuid = isStixId(`x--${number}`) ? String(number) : "";
    if (typeof url !== "string") continue;
    const comment = textOf(description) ?? (source === "link" ? "" : String(source));
    const link = { type: "link", value: url, toIds: false, comment, part: `reference ${at}` };
    const { Tag: _, ...attribute } = newAttribute(scene, container, link);
    scene.event.Attribute.push(attribute);
  }
}
