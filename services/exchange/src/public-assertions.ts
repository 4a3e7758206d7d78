import type { getPublicObject } from "@suar/contract";
import { PUBLIC } from "@suar/policy";
import type { Directory, Realm } from "@suar/runtime";
import type { z } from "zod";
import { toAssertions } from "./assertions.ts";
import { toMilliseconds } from "./public-log.ts";
import { selectAssertions } from "./store/assertion.ts";

type Told = z.input<(typeof getPublicObject)["reply"]>["assertions"];

/** What is stated to everybody about an id, by row-level security as to any other reader. */
export async function publicAssertions(directory: Directory, realm: Realm, id: string): Promise<Told> {
  const rows = await realm.readAs(PUBLIC.id, async (db) => await selectAssertions(db, id));
  const assertions = await toAssertions(directory, rows);
  return assertions.map(({ producer, at, withdrawn, object }) => {
    return { producer, tlp: "clear" as const, at: toMilliseconds(at), withdrawn, object };
  });
}
