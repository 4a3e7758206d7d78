import { type RedContext, releaseRed, releasing } from "@suar/gate";
import { CLOSED, type PoolClient, type Realm, type Signals } from "@suar/runtime";
import { eraseChunks, isFlat } from "@suar/submit";
import { Fenced } from "../fenced.ts";
import { planRelease, planTable } from "../plan/plan-release.ts";
import { statedIn } from "../plan/stated.ts";
import { finalItem } from "./final-item.ts";
import { noteReleased, WHOLE } from "./note-released.ts";
import type { ToRelease } from "./release-staged.ts";

/**
 * Releases a staged submission that names people: in one transaction, so that it arrives whole or not at all. It
 * waits for no other submission, since it states nothing to organisations; what these had of the same ids is withdrawn with
 * it. The raw bytes go with it: what is kept of
 * TLP:RED lies in the inboxes alone, from where its sender can take it back. Throws `too-large`, and Fenced when
 * another worker has it.
 */
export async function releaseRedStaged(
  realm: Realm,
  signals: Signals,
  { row, staging, tally, mayGoOn }: ToRelease,
  context: RedContext,
): Promise<void> {
  if (!mayGoOn()) throw new Fenced();
  const places = await staging.places();
  const staged = (await Promise.all(places.map(async (place) => await staging.items(place)))).flat();
  const plan = isFlat(row.format, row.options)
    ? await planTable(staging.shapes(places), row.options)
    : await planRelease(
        await staging.shapesOf(places),
        () => [staged],
        row.options,
        statedIn(realm.write, context),
      );
  const records = staged.map((one) => finalItem(one, row.options, plan));
  const items = records.flatMap(({ item }) => (item === undefined ? [] : [item]));
  const once = async (db: PoolClient) => {
    const released = await releaseRed(db, { ...context, victims: plan.victims }, items);
    await noteReleased(
      db,
      row,
      { records, released },
      { from: 0, to: places.length, done: true, tally },
      WHOLE,
    );
    await eraseChunks(db, row.id);
    return released.takenBack > 0;
  };
  await releasing({ signals }, realm, once, (hasTaken) => (hasTaken ? CLOSED : ""));
}
