import { caller } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { expectMade } from "../sower.ts";
import { OWNER, OWNERS_WORD, type Owned } from "./kinds.ts";

/** Links of the owner's: one that is good, one that has ended, and the key that opened that one. */
export async function makeExports(
  platform: PlatformProcess,
): Promise<Pick<Owned, "exportLink" | "exportKey">> {
  const api = caller(platform.url, platform.key(OWNER, "subscriber"));
  const make = async () =>
    expectMade(
      await api.post("/v1/export-links", {
        name: OWNERS_WORD,
        format: "csv",
        filter: { labels: [OWNERS_WORD] },
      }),
    );
  const [good, ended] = [await make(), await make()];
  await api.send("DELETE", `/v1/export-links/${ended.id}`);
  return {
    exportLink: [
      { id: good.id, is: "good" },
      { id: ended.id, is: "revoked" },
    ],
    exportKey: [{ id: new URL(ended.url).pathname.split("/").at(-1) ?? "", is: "of a revoked link" }],
  };
}
