import { drop } from "../../drop.ts";
import { categoryOf } from "../../misp/categories.ts";
import type { ExportItem } from "../writer.ts";
import type { MispAttribute } from "./misp-shape.ts";
import type { Scene } from "./scene.ts";
import { labelTags } from "./tags.ts";

export type NewAttribute = {
  type: string;
  value: string;
  toIds: boolean;
  /** What tells it from the other attributes of the same thing. */
  part?: string | number;
  relation?: string;
  comment?: string | undefined;
  firstSeen?: string | undefined;
  category?: string | undefined;
};

/** An attribute of what a rendition says, under its labels and markings. */
export function newAttribute(scene: Scene, item: ExportItem, spec: NewAttribute): MispAttribute {
  const tags = [...scene.markingTags(item), ...labelTags(item.object)];
  return drop({
    uuid: scene.uuid(item.object.id, spec.part ?? 0),
    type: spec.type,
    category: spec.category ?? categoryOf(spec.type),
    value: spec.value,
    to_ids: spec.toIds,
    comment: spec.comment ?? "",
    timestamp: scene.event.timestamp,
    distribution: scene.distributionOf(item),
    disable_correlation: false as const,
    deleted: false,
    object_relation: spec.relation,
    first_seen: spec.firstSeen,
    Tag: tags.length > 0 ? tags : undefined,
  });
}

/** A part of an object: what is said of the object is said of it once. */
export function newPart(scene: Scene, item: ExportItem, spec: NewAttribute): MispAttribute {
  const { Tag: _, ...part } = newAttribute(scene, item, spec);
  const tags = scene.markingTags(item);
  return tags.length > 0 ? { ...part, Tag: tags } : part;
}
