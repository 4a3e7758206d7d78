import { mispReader } from "../misp/read-misp.ts";
import { type Collected, collect } from "./collect-drafts.ts";
import { issuesOf } from "./invalid-drafts.ts";
import { event, uuid } from "./misp-fixture.ts";

export type Said = [relation: string, type: string, value: string, more?: object];

/** What becomes of an object of so many attributes: all of it valid, and nothing rejected. */
export async function readMispObject(
  name: string,
  said: readonly Said[],
  more: object = {},
): Promise<Collected> {
  const Attribute = said.map(([object_relation, type, value, one]) => ({
    uuid: uuid(),
    object_relation,
    type,
    value,
    to_ids: false,
    ...one,
  }));
  const collected = await collect(
    mispReader,
    event({ Object: [{ uuid: uuid(), name, Attribute, ...more }] }),
  );
  const wrong = [...issuesOf(collected), ...collected.rejects.map(({ at, reason }) => `${at} ${reason}`)];
  if (wrong.length > 0) throw new Error(`Not all of it is valid: ${wrong.join("; ")}`);
  return collected;
}
