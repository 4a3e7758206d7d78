import { textOf } from "../../json-value.ts";
import type { ExportItem } from "../writer.ts";
import type { MispAttribute, MispObject } from "./misp-shape.ts";
import { type NewAttribute, newPart } from "./new-attribute.ts";
import { OBJECT_SHAPES } from "./object-shapes.ts";
import type { Scene } from "./scene.ts";
import { labelTags } from "./tags.ts";

/** A part by its relation, whose type the template knows. */
export type NewPart = Omit<NewAttribute, "type" | "toIds" | "relation"> & {
  relation: string;
  type?: string;
  toIds?: boolean;
};

/** An object of MISP by its template, put into the event. Its first attribute bears its labels: an object has no tags. */
export function addObject(
  scene: Scene,
  item: ExportItem,
  name: string,
  parts: readonly NewPart[],
  comment?: string,
): MispObject {
  const shape = OBJECT_SHAPES[name];
  if (shape === undefined) throw new Error(`no shape of the object ${name}`);
  const attributes = parts.map((part, at): MispAttribute => {
    const type = part.type ?? shape.types[part.relation] ?? "text";
    return newPart(scene, item, { part: `part ${at}`, ...part, type, toIds: part.toIds ?? false });
  });
  const [first] = attributes;
  const tags = labelTags(item.object);
  if (first !== undefined && tags.length > 0) first.Tag = [...(first.Tag ?? []), ...tags];
  const object: MispObject = {
    uuid: scene.uuid(item.object.id, "object"),
    name,
    "meta-category": shape.category,
    description: "",
    template_uuid: shape.uuid,
    template_version: shape.version,
    timestamp: scene.event.timestamp,
    distribution: scene.distributionOf(item),
    comment: comment ?? textOf(item.object.description) ?? "",
    deleted: false,
    Attribute: attributes,
    ObjectReference: [],
  };
  scene.event.Object.push(object);
  scene.wrote(item.object.id, { attributes, object });
  return object;
}
