import { tlpOfMarking } from "@suar/stix";
import type { Connection } from "./connection.ts";
import { EnvelopeReader, type PulledObject, readObject } from "./envelope-reader.ts";
import { TaxiiFault } from "./taxii-fault.ts";

const MOST_KNOWN = 1_000;
const MOST_ASKED = 50;

/** Objects, each with the definitions of its markings beside it; `leftOut` are those whose markings nobody defines. */
export type Completed = { objects: PulledObject[]; leftOut: PulledObject[] };

/**
 * What marking definitions of a server mean. An object's markings may be defined on another page: without the
 * definition, a level that the server made up itself (its own TLP:RED) would be no marking at all. What is not there
 * is asked for, and an object whose marking the server does not define is left out.
 */
export class Definitions {
  readonly #connection: Connection;
  readonly #objectsUrl: URL;
  /** Null: the server has none. */
  readonly #known = new Map<string, PulledObject | null>();
  #asked = 0;

  constructor(connection: Connection, objectsUrl: URL) {
    this.#connection = connection;
    this.#objectsUrl = objectsUrl;
  }

  async complete(objects: readonly PulledObject[]): Promise<Completed> {
    const here = new Set<string>();
    for (const object of objects) {
      if (object.type !== "marking-definition" || object.id === undefined) continue;
      here.add(object.id.toLowerCase());
      this.#keep(object.id.toLowerCase(), object);
    }
    const added = new Map<string, PulledObject>();
    const leftOut = new Set<PulledObject>();
    for (const object of objects) {
      for (const id of object.markings) {
        if (here.has(id) || tlpOfMarking(id) !== undefined) continue;
        const definition = await this.#definition(id);
        if (definition === null) leftOut.add(object);
        else added.set(id, definition);
      }
    }
    return {
      objects: [...added.values(), ...objects.filter((one) => !leftOut.has(one))],
      leftOut: [...leftOut],
    };
  }

  async #definition(id: string): Promise<PulledObject | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    if (this.#asked >= MOST_ASKED) return null;
    this.#asked += 1;
    const found = /^marking-definition--[0-9a-f-]{36}$/.test(id) ? await this.#ask(id) : null;
    this.#keep(id, found);
    return found;
  }

  async #ask(id: string): Promise<PulledObject | null> {
    try {
      const { limits } = this.#connection;
      const { body } = await this.#connection.openResource(new URL(`${id}/`, this.#objectsUrl));
      const reader = new EnvelopeReader(limits);
      for await (const chunk of body)
        for (const bytes of reader.push(chunk)) {
          const object = readObject(bytes);
          if (object.type === "marking-definition" && object.id?.toLowerCase() === id) return object;
        }
      return null;
    } catch (error) {
      if (error instanceof TaxiiFault && (error.code === "not-found" || error.code === "refused"))
        return null;
      throw error;
    }
  }

  #keep(id: string, definition: PulledObject | null): void {
    if (this.#known.size < MOST_KNOWN || this.#known.has(id)) this.#known.set(id, definition);
  }
}
