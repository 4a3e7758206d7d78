import { caller } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { expectMade } from "../sower.ts";
import { OWNER, OWNERS_WORD, type Thing } from "./kinds.ts";

/** With whom the owner has dealings that are nobody else's. */
export const PARTNER = "LA";

/** The owner's agreements with its partner. */
export async function makeAgreements(platform: PlatformProcess): Promise<Thing[]> {
  const [own, other] = [OWNER, PARTNER].map((code) => caller(platform.url, platform.key(code, "officer")));
  if (own === undefined || other === undefined) throw new Error("there are no two officers");
  const terms = {
    with: PARTNER,
    kind: "nda",
    title: OWNERS_WORD,
    reference: OWNERS_WORD,
    begins: "2026-01-01",
  };
  const make = async (): Promise<string> => expectMade(await own.post("/v1/agreements", terms)).id;
  const [proposed, inForce, ended] = [await make(), await make(), await make()];
  for (const id of [inForce, ended]) await other.post(`/v1/agreements/${id}/accept`);
  await own.post(`/v1/agreements/${ended}/end`);
  const { items } = (await own.get("/v1/agreements")).body as { items: { id: string; state: string }[] };
  const states = [proposed, inForce, ended].map((id) => items.find((one) => one.id === id)?.state);
  if (states.join() !== "proposed,in-force,ended") throw new Error(`agreements are ${states}`);
  return [
    { id: proposed, is: "proposed" },
    { id: inForce, is: "in force" },
    { id: ended, is: "ended" },
  ];
}
