import type { RecordOutcome } from "@suar/contract";
import { MOST_RELEASED_AT_ONCE } from "@suar/gate";
import type { Refused } from "../normalize/read-drafts.ts";
import { phaseOf } from "../release/release-order.ts";
import type { StagedPage } from "../store/staged.ts";
import { refusedShape, type StagedItem, type StagedShape } from "./staged-item.ts";

/** From here on a page ends with its record, so that a record is seldom torn apart. */
const ENOUGH_OBJECTS = MOST_RELEASED_AT_ONCE - 100;
const ENOUGH_CHARACTERS = 4 * 1024 * 1024;
/**
 * From here on a portion ends with its unit: so much is planned and settled at a time, and held in memory. Records of which
 * nothing is released count as objects do.
 */
const LONG = { objects: 5_000, characters: 16 * 1024 * 1024 };

const FIRST_PHASE = 0;

type Open = {
  phase: number;
  page: number;
  shapes: StagedShape[];
  items: string[];
  last: number;
  size: number;
};

/**
 * Sorts objects into pages by the phase of their release, a portion after the other. Holds one unfinished page a phase,
 * and the locals of one portion, so that memory does not grow with the submission.
 */
export class StagingPages {
  readonly #open = new Map<number, Open>();
  /** Shapes of what was rejected, and of what earlier portions state, until a page takes them along. */
  #besides: StagedShape[] = [];
  #begun = 0;
  #portion = { number: 0, outcomes: 0, objects: 0, characters: 0, begunBefore: 0 };
  readonly #idOfLocal = new Map<string, string>();

  /** How many pages there are in all. */
  get count(): number {
    return this.#begun;
  }

  /** How many portions have pages. */
  get portions(): number {
    return this.#portion.number + (this.#begun > this.#portion.begunBefore ? 1 : 0);
  }

  /** Whether the portion may end with the unit that does. */
  get isLong(): boolean {
    return this.#portion.objects >= LONG.objects || this.#portion.characters >= LONG.characters;
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
    this.#portion.objects += 1;
    this.#portion.characters += json.length;
    if (shape !== undefined) {
      page.shapes.push(shape);
      if (shape.local !== undefined) this.#idOfLocal.set(shape.local, shape.id);
    }
    this.#takeBesides(page);
    return full && this.#close(full);
  }

  /** Notes an object that was rejected: what names it, or says the same, is released with that in mind. */
  refuse(refused: Refused): void {
    const shape = refusedShape(refused);
    this.#portion.characters += JSON.stringify(shape).length;
    this.#besides.push(shape);
    if (shape.local !== undefined) this.#idOfLocal.set(shape.local, shape.id);
  }

  /** Notes outcomes that staging wrote itself, each of a record of which nothing is released: they are settled with the portion. */
  settled(outcomes: readonly RecordOutcome[]): void {
    this.#portion.objects += outcomes.length;
  }

  /**
   * Ends a portion: its last pages. What follows names by locals only what is `known`; its staging writes outcomes from
   * that page on.
   */
  endPortion(known: readonly string[], outcomes: number): StagedPage[] {
    // Where all of it was rejected, a page without objects is its place.
    if (this.#open.size === 0) this.#begin(FIRST_PHASE);
    const last = this.rest();
    this.#open.clear();
    const kept = known.flatMap((local) => {
      const id = this.#idOfLocal.get(local);
      return id === undefined ? [] : [{ local, id }];
    });
    this.#idOfLocal.clear();
    for (const { local, id } of kept) {
      this.#idOfLocal.set(local, id);
      this.#besides.push({ id, local, contains: [], refs: [], earlier: true });
    }
    const number = this.#portion.number + 1;
    this.#portion = { number, outcomes, objects: 0, characters: 0, begunBefore: this.#begun };
    return last;
  }

  /** What is left at the end. What was rejected behind all else is a page without objects: other portions heed it. */
  rest(): StagedPage[] {
    const isAlone = this.#open.size === 0 && this.#portion.number > 0;
    if (isAlone && (this.#portion.objects > 0 || this.#besides.some(({ refused }) => refused)))
      this.#begin(FIRST_PHASE);
    const [any] = this.#open.values();
    if (any !== undefined) this.#takeBesides(any);
    return [...this.#open.values()].map((page) => this.#close(page));
  }

  #takeBesides(page: Open): void {
    for (const shape of this.#besides) page.shapes.push(shape);
    this.#besides = [];
  }

  #begin(phase: number): Open {
    const page = { phase, page: this.#begun++, shapes: [], items: [], last: -1, size: 0 };
    this.#open.set(phase, page);
    return page;
  }

  #close({ phase, page, shapes, items }: Open): StagedPage {
    return {
      portion: this.#portion.number,
      phase,
      page,
      objects: items.length,
      outcomes: this.#portion.outcomes,
      shapes: shapes.length > 0 ? JSON.stringify(shapes) : null,
      items: `[${items.join()}]`,
    };
  }
}

function isFull({ items, size, last }: Open, record: number): boolean {
  if (items.length >= MOST_RELEASED_AT_ONCE) return true;
  return (items.length >= ENOUGH_OBJECTS || size >= ENOUGH_CHARACTERS) && last !== record;
}
