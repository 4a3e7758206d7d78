import { MOST_RELEASED_AT_ONCE } from "@suar/gate";
import type { Refused } from "../normalize/read-drafts.ts";
import { phaseOf } from "../release/release-order.ts";
import type { StagedPage } from "../store/staged.ts";
import { refusedShape, type StagedItem, type StagedShape } from "./staged-item.ts";

/** From here on a page ends with its record, so that a record is seldom torn apart. */
const ENOUGH_OBJECTS = MOST_RELEASED_AT_ONCE - 100;
const ENOUGH_CHARACTERS = 4 * 1024 * 1024;

type Open = {
  phase: number;
  page: number;
  shapes: StagedShape[];
  items: string[];
  last: number;
  size: number;
};

/**
 * Sorts objects into pages by the phase of their release. Holds one unfinished page a phase, so that memory
 * does not grow with the submission.
 */
export class StagingPages {
  readonly #open = new Map<number, Open>();
  /** Shapes of what was rejected, until a page takes them along. */
  #refused: StagedShape[] = [];
  #begun = 0;

  /** How many pages there are in all. */
  get count(): number {
    return this.#begun;
  }

  /** Takes one object, with what is to be known of it before any is released; hands out the page that it found full. */
  add(item: StagedItem, shape: StagedShape | undefined): StagedPage | undefined {
    const phase = phaseOf(item.object.id);
    const open = this.#open.get(phase);
    const full = open !== undefined && isFull(open, item.record) ? open : undefined;
    const page = open === undefined || full !== undefined ? this.#begin(phase) : open;
    const json = JSON.stringify(item);
    page.items.push(json);
    page.size += json.length;
    page.last = item.record;
    if (shape !== undefined) page.shapes.push(shape);
    this.#takeRefused(page);
    return full && close(full);
  }

  /** Notes an object that was rejected: what names it, or says the same, is released with that in mind. */
  refuse(refused: Refused): void {
    this.#refused.push(refusedShape(refused));
  }

  /** What is left at the end. */
  rest(): StagedPage[] {
    const [any] = this.#open.values();
    if (any !== undefined) this.#takeRefused(any);
    return [...this.#open.values()].map((page) => close(page));
  }

  #takeRefused(page: Open): void {
    for (const shape of this.#refused) page.shapes.push(shape);
    this.#refused = [];
  }

  #begin(phase: number): Open {
    const page = { phase, page: this.#begun++, shapes: [], items: [], last: -1, size: 0 };
    this.#open.set(phase, page);
    return page;
  }
}

function close({ phase, page, shapes, items }: Open): StagedPage {
  return {
    phase,
    page,
    objects: items.length,
    shapes: shapes.length > 0 ? JSON.stringify(shapes) : null,
    items: `[${items.join()}]`,
  };
}

function isFull({ items, size, last }: Open, record: number): boolean {
  if (items.length >= MOST_RELEASED_AT_ONCE) return true;
  return (items.length >= ENOUGH_OBJECTS || size >= ENOUGH_CHARACTERS) && last !== record;
}
