import {
  isWarningLabel,
  type ObservableValue,
  type Pap,
  type StixObject,
  type Tlp,
  uuidv5,
} from "@suar/stix";
import { builtInListOf } from "../../warning/built-in-lists.ts";
import { mayBeBlocked } from "../blocklist.ts";
import { papOf } from "../validity.ts";
import type { ExportItem } from "../writer.ts";
import { isCluster } from "./galaxy-types.ts";
import type { MispAttribute, MispEvent, MispObject, MispTag } from "./misp-shape.ts";
import type { PlannedEvent } from "./plan-events.ts";

const NAMESPACE = "5f1f6a6c-3a0b-4c35-9a36-8f4a9a3c7e52";

/** What was written of an object: what tags, sightings and references of it go to. */
export type Written = { attributes: readonly MispAttribute[]; object?: MispObject };

/** One event while it is written: its objects by their ids, and what has become of them so far. */
export class Scene {
  readonly planned: PlannedEvent;
  readonly now: number;
  readonly event: MispEvent;
  readonly pap: Pap | undefined;
  readonly #items = new Map<string, ExportItem>();
  readonly #written = new Map<string, Written>();
  /** What is told with another object, and not by itself. */
  readonly #absorbed = new Set<string>();
  /** What relationships begin at, each with where they lead. */
  readonly #sources = new Map<string, string[]>();

  constructor(planned: PlannedEvent, event: MispEvent, items: readonly ExportItem[], now: number) {
    this.planned = planned;
    this.event = event;
    this.now = now;
    for (const item of items) this.#add(item);
    const container = this.container;
    this.pap = container === undefined ? undefined : papOf(container.object.labels, container.pap);
  }

  #add(item: ExportItem): void {
    const { id, type, source_ref: source, target_ref: target } = item.object;
    this.#items.set(id, item);
    if (type !== "relationship" || typeof source !== "string" || typeof target !== "string") return;
    const others = this.#sources.get(source);
    if (others === undefined) this.#sources.set(source, [target]);
    else others.push(target);
  }

  /** Whether it says of another thing in the event how it stands to it, for which MISP needs an object. */
  refers(id: string): boolean {
    return (this.#sources.get(id) ?? []).some((target) => {
      const item = this.#items.get(target);
      return item !== undefined && !isCluster(item);
    });
  }

  get container(): ExportItem | undefined {
    return this.#items.get(this.planned.container ?? "");
  }

  item(id: unknown): ExportItem | undefined {
    return typeof id === "string" ? this.#items.get(id) : undefined;
  }

  object(id: unknown): StixObject | undefined {
    return this.item(id)?.object;
  }

  /** What is neither the event itself, nor told with another. */
  *left(): Generator<ExportItem> {
    for (const item of this.#items.values()) {
      const { id } = item.object;
      if (id !== this.planned.container && !this.#absorbed.has(id) && !this.#written.has(id)) yield item;
    }
  }

  all(): Iterable<ExportItem> {
    return this.#items.values();
  }

  absorb(id: string): void {
    this.#absorbed.add(id);
  }

  isTold(id: string): boolean {
    return this.#absorbed.has(id) || this.#written.has(id);
  }

  wrote(id: string, written: Written): void {
    this.#written.set(id, written);
    this.absorb(id);
  }

  writtenOf(id: unknown): Written | undefined {
    return typeof id === "string" ? this.#written.get(id) : undefined;
  }

  /** The same for the same thing of the same event, and of no other: MISP knows a UUID once in all of its events. */
  uuid(...parts: readonly (string | number)[]): string {
    return uuidv5(NAMESPACE, JSON.stringify([this.planned.uuid, this.planned.producer, ...parts]));
  }

  /** Whether a device may act upon it: by what its indicator says, and whoever else has the value. */
  mayBeActedUpon(item: ExportItem, value?: ObservableValue): boolean {
    const { labels } = item.object;
    if (!mayBeBlocked(item, this.now) || (Array.isArray(labels) && labels.some(isWarningLabel))) return false;
    return value === undefined || builtInListOf(value) === undefined;
  }

  /** The markings of an object that are not its event's. */
  markingTags({ tlp, pap, object }: ExportItem): MispTag[] {
    const own = papOf(object.labels, pap);
    return [
      ...(tlp === this.planned.tlp ? [] : [tlpTag(tlp)]),
      ...(own === undefined || own === this.pap ? [] : [papTag(own)]),
    ];
  }

  /** What is marked more strictly than its event stays where it came to, also where a MISP looks at no tags. */
  distributionOf({ tlp }: ExportItem): "0" | "5" {
    return tlp === this.planned.tlp ? "5" : "0";
  }
}

export function tlpTag(tlp: Tlp): MispTag {
  return { name: `tlp:${tlp}` };
}

export function papTag(pap: Pap): MispTag {
  return { name: `PAP:${pap.toUpperCase()}` };
}
