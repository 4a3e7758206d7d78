import { MOST_RELEASED_AT_ONCE } from "@suar/gate";
import type { Realm } from "@suar/runtime";
import {
  insertStaged,
  type StagedPage,
  type StagedPlace,
  selectShapes,
  selectStagedItems,
  selectStagedPlaces,
} from "../store/staged.ts";
import { clearStaged } from "./clear-staged.ts";
import type { StagedItem, StagedShape } from "./staged-item.ts";

/** A submission that one transaction releases, being one portion, is held in memory, unless it is large. */
const MOST_HELD = { objects: MOST_RELEASED_AT_ONCE, characters: 4 * 1024 * 1024 };

/**
 * A submission's staged pages. Those of a small one stay in memory: all of it is released or nothing, and after
 * a crash it is staged again from its stored bytes. What is larger lies in the database, where the next try
 * finds it.
 */
export class Staging {
  readonly #realm: Realm;
  readonly #submissionId: string;
  #held: StagedPage[] = [];
  readonly #total = { objects: 0, characters: 0 };
  #stored = false;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(realm: Realm, submissionId: string) {
    this.#realm = realm;
    this.#submissionId = submissionId;
  }

  /** What an earlier try staged completely; undefined when it was not, or was lost. */
  static async found(realm: Realm, submissionId: string, pages: number): Promise<Staging | undefined> {
    if (pages < 0) return undefined;
    const places = await selectStagedPlaces(realm.write, submissionId);
    if (places.length !== pages) return undefined;
    const staging = new Staging(realm, submissionId);
    staging.#stored = true;
    return staging;
  }

  /** True when its pages lie in the database. */
  get isStored(): boolean {
    return this.#stored;
  }

  /** Takes a page. One is written while the next is being made. */
  async put(page: StagedPage): Promise<void> {
    this.#total.objects += page.objects;
    this.#total.characters += page.items.length + (page.shapes?.length ?? 0);
    this.#held.push(page);
    const { objects, characters } = this.#total;
    const isSmall = objects <= MOST_HELD.objects && characters <= MOST_HELD.characters;
    if (!this.#stored && isSmall && page.portion === 0) return;
    this.#stored = true;
    await this.#writing;
    this.#writing = this.#writeHeld();
    this.#writing.catch(() => undefined); // thrown where it is waited for
  }

  /** Until everything that was put is where it belongs. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  /** The pages in the order of their release. */
  async places(): Promise<StagedPlace[]> {
    if (this.#stored) return await selectStagedPlaces(this.#realm.write, this.#submissionId);
    return this.#held
      .map(({ portion, phase, page, objects, outcomes }) => ({ portion, phase, page, objects, outcomes }))
      .sort((a, b) => a.portion - b.portion || a.phase - b.phase || a.page - b.page);
  }

  /** What is to be known of a portion's objects before any of it is released. */
  async shapesOf(places: readonly StagedPlace[]): Promise<StagedShape[]> {
    const shapes: StagedShape[][] = [];
    for await (const page of this.shapes(places)) shapes.push(page);
    return shapes.flat();
  }

  /** The same, a page at a time. */
  async *shapes(places: readonly StagedPlace[]): AsyncGenerator<StagedShape[]> {
    for (const place of places)
      yield this.#stored
        ? await selectShapes(this.#realm.write, this.#submissionId, place)
        : (JSON.parse(this.#heldAt(place).shapes ?? "[]") as StagedShape[]);
  }

  async items(place: StagedPlace): Promise<StagedItem[]> {
    if (this.#stored) return await selectStagedItems(this.#realm.write, this.#submissionId, place);
    return JSON.parse(this.#heldAt(place).items) as StagedItem[];
  }

  /** What is staged there, a page at a time. */
  async *pages(places: readonly StagedPlace[]): AsyncGenerator<StagedItem[]> {
    for (const place of places) yield await this.items(place);
  }

  /** Clears away what lies in the database. */
  async clear(): Promise<void> {
    if (this.#stored) await clearStaged(this.#realm.write, this.#submissionId);
  }

  #heldAt({ page }: StagedPlace): StagedPage {
    const held = this.#held.find((one) => one.page === page);
    if (held === undefined) throw new Error("a staged page is gone");
    return held;
  }

  async #writeHeld(): Promise<void> {
    const pages = this.#held;
    this.#held = [];
    for (const page of pages) await insertStaged(this.#realm.write, this.#submissionId, page);
  }
}
