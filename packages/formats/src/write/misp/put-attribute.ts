import type { ExportItem } from "../writer.ts";
import type { MispAttribute } from "./misp-shape.ts";
import { addObject } from "./new-object.ts";
import type { Scene } from "./scene.ts";

/** Objects that hold one attribute of a type, and its relation there. */
const OBJECTS: Readonly<Record<string, readonly [object: string, relation: string]>> = {
  domain: ["domain-ip", "domain"],
  "ip-dst": ["domain-ip", "ip"],
  url: ["url", "url"],
  md5: ["file", "md5"],
  sha1: ["file", "sha1"],
  sha256: ["file", "sha256"],
  filename: ["file", "filename"],
};

/** Puts an attribute into the event; within an object where it refers to others, since attributes cannot. */
export function putAttribute(scene: Scene, item: ExportItem, attribute: MispAttribute): void {
  const { type, value, comment, to_ids: toIds, first_seen: firstSeen } = attribute;
  const { id } = item.object;
  const [object, relation] = scene.refers(id) && Object.hasOwn(OBJECTS, type) ? (OBJECTS[type] ?? []) : [];
  if (object !== undefined && relation !== undefined) {
    addObject(scene, item, object, [{ relation, value, toIds, firstSeen, comment, part: 0 }], "");
    return;
  }
  scene.event.Attribute.push(attribute);
  scene.wrote(id, { attributes: [attribute] });
}
