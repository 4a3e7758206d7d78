import { caller } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { expectMade } from "../sower.ts";
import { OWNER, OWNERS_WORD, type Thing } from "./kinds.ts";

/** Lists of the owner's own: one that counts, one that it has removed. */
export async function makeWarningLists(platform: PlatformProcess): Promise<Thing[]> {
  const api = caller(platform.url, platform.key(OWNER, "officer"));
  const load = async (name: string): Promise<string> => {
    const list = { name, version: 1, type: "hostname", list: [`${OWNERS_WORD}.example`] };
    return expectMade(await api.post("/v1/warning-lists", list)).list.id;
  };
  const [good, ended] = [await load(`${OWNERS_WORD} still`), await load(`${OWNERS_WORD} before`)];
  await api.send("DELETE", `/v1/warning-lists/${ended}`);
  return [
    { id: good, is: "good" },
    { id: ended, is: "removed" },
  ];
}
