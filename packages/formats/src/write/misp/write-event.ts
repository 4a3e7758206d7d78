import { isObservable, suarId, typeOfId } from "@suar/stix";
import { exerciseOf } from "../marking-lines.ts";
import type { ExportItem } from "../writer.ts";
import type { MispAttribute, MispEvent, MispEventHead, MispObject } from "./misp-shape.ts";
import { OBJECT_SHAPES } from "./object-shapes.ts";
import type { PlannedEvent } from "./plan-events.ts";
import { papTag, Scene, tlpTag } from "./scene.ts";
import { labelTags } from "./tags.ts";
import { writeClusters } from "./write-clusters.ts";
import { writeFiles } from "./write-files.ts";
import { writeIndicators } from "./write-indicators.ts";
import { writePairs } from "./write-pairs.ts";
import { writeThings } from "./write-things.ts";
import { writeReferences, writeWords } from "./write-words.ts";

export type EventOptions = { now: number; exercise: string | undefined };

/** MISP core format §2.2.2: levels and states by their numbers. */
const LEVELS: Readonly<Record<string, string>> = { high: "1", medium: "2", low: "3", undefined: "4" };
const ANALYSES: Readonly<Record<string, string>> = { initial: "0", ongoing: "1", completed: "2" };

/**
 * An event of what stands of its plan at this moment, in the order of the log; undefined where its report does not. `told` are
 * the entries that are in it: of some there is nothing that MISP could hold.
 */
export function writeEvent(
  planned: PlannedEvent,
  items: readonly ExportItem[],
  options: EventOptions,
): { event: MispEvent; told: number[] } | undefined {
  const head = headOf(planned, options);
  const event: MispEvent = {
    ...head,
    uuid: planned.uuid,
    published: true,
    publish_timestamp: head.timestamp,
    distribution: planned.tlp === "clear" ? "3" : "0",
    extends_uuid: "",
    Attribute: [],
    Object: [],
    Galaxy: [],
    EventReport: [],
  };
  const scene = new Scene(planned, event, items, options.now);
  if (planned.container !== undefined && scene.container === undefined) return undefined;
  writeContainer(scene);
  writeFiles(scene);
  writePairs(scene);
  writeIndicators(scene);
  writeThings(scene);
  writeClusters(scene);
  writeWords(scene);
  writeReferences(scene);
  writeDeleted(scene);
  const left = new Set(scene.left());
  return { event, told: items.filter((item) => !left.has(item)).map(({ seq }) => seq) };
}

/** What the manifest says, too: by the plan alone. */
export function headOf(
  { info, date, labels, changed, producer, tlp }: PlannedEvent,
  { exercise }: Pick<EventOptions, "exercise">,
): MispEventHead {
  const drill = exercise === undefined ? undefined : exerciseOf(exercise);
  const said = (prefix: string, numbers: Readonly<Record<string, string>>): string | undefined => {
    const level = labels.find((label) => label.startsWith(prefix))?.slice(prefix.length) ?? "";
    return Object.hasOwn(numbers, level) ? numbers[level] : undefined;
  };
  return {
    info: drill === undefined ? info : `${drill}: ${info}`,
    date,
    threat_level_id: said("threat-level:", LEVELS) ?? "4",
    analysis: said("analysis:", ANALYSES) ?? "2",
    timestamp: String(changed),
    Orgc: { name: producer, uuid: suarId("identity", producer).slice("identity--".length) },
    Tag: [...(drill === undefined ? [] : [{ name: drill }]), tlpTag(tlp)],
  };
}

function writeContainer(scene: Scene): void {
  const { container, event } = scene;
  if (container === undefined) return;
  event.Tag.push(...(scene.pap === undefined ? [] : [papTag(scene.pap)]), ...labelTags(container.object));
  const description = container.object.description;
  if (typeof description !== "string" || description === "") return;
  event.EventReport.push({
    uuid: scene.uuid(container.object.id),
    name: event.info,
    content: description,
    timestamp: event.timestamp,
    distribution: "5",
    deleted: false,
  });
}

const GONE = "withdrawn";

/** §2.4.2.15: what was in it and is not any more, without a word of what it was. */
function writeDeleted(scene: Scene): void {
  for (const id of scene.planned.deleted) {
    if (scene.object(id) !== undefined) continue;
    scene.event.Attribute.push(deletedAttribute(scene, id));
    if (mayBeObject(typeOfId(id))) scene.event.Object.push(deletedObject(scene, id));
  }
  for (const id of brokenPairs(scene)) scene.event.Attribute.push(deletedAttribute(scene, id));
}

/** Relationships that stand without one of their ends: a `domain|ip` of them goes with the half that is gone. */
function brokenPairs(scene: Scene): string[] {
  const gone = new Set(scene.planned.deleted.filter((id) => scene.object(id) === undefined));
  if (gone.size === 0) return [];
  return [...scene.all()].flatMap(({ object }) => {
    const { id, type, relationship_type: kind, source_ref: source, target_ref: target } = object;
    const isPair = type === "relationship" && (kind === "resolves-to" || kind === "related-to");
    return isPair && [source, target].some((end) => typeof end === "string" && gone.has(end)) ? [id] : [];
  });
}

/** Whatever it was: its value is overwritten with nothing of its own. */
function deletedAttribute(scene: Scene, id: string): MispAttribute {
  return {
    uuid: scene.uuid(id, 0),
    type: "other",
    category: "Other",
    value: GONE,
    to_ids: false,
    comment: "",
    timestamp: scene.event.timestamp,
    distribution: "0",
    disable_correlation: false,
    deleted: true,
  };
}

const ALWAYS_ATTRIBUTES: ReadonlySet<string> = new Set([
  "domain-name",
  "ipv4-addr",
  "ipv6-addr",
  "url",
  "mac-addr",
  "mutex",
]);

function mayBeObject(type: string): boolean {
  return (
    (isObservable(type) && !ALWAYS_ATTRIBUTES.has(type)) ||
    /^(?:indicator|vulnerability|identity)$/.test(type)
  );
}

function deletedObject(scene: Scene, id: string): MispObject {
  const shape = OBJECT_SHAPES["stix2-pattern"];
  return {
    uuid: scene.uuid(id, "object"),
    name: "stix2-pattern",
    "meta-category": shape?.category ?? "misc",
    description: "",
    template_uuid: shape?.uuid ?? "",
    template_version: shape?.version ?? "1",
    timestamp: scene.event.timestamp,
    distribution: "0",
    comment: "",
    deleted: true,
    Attribute: [],
    ObjectReference: [],
  };
}
