import { type Caller, caller, submitAndWait } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { indicator } from "../bundles.ts";
import { OWNER, OWNERS_WORD, type Thing } from "./kinds.ts";
import { PARTNER } from "./own-agreements.ts";

/** What the owner told its partner alone, and took back. */
export async function makeRecalls(platform: PlatformProcess): Promise<Thing[]> {
  const as = (code: string): Caller => caller(platform.url, platform.key(code));
  const told = [indicator(`${OWNERS_WORD}-recalledone`), indicator(`${OWNERS_WORD}-recalledtwo`)];
  const query = `?tlp=amber%2Bstrict&to=${PARTNER}`;
  const done = await submitAndWait(as(OWNER), query, bundleOf(...told), "application/json");
  if (done.body.counts?.accepted !== 2) throw new Error(done.text);
  const takeBack = async ({ id }: { id: string }): Promise<string> => {
    const { status, body, text } = await as(OWNER).post(`/v1/objects/${id}/withdraw`);
    if (status !== 200 || typeof body.recall !== "string") throw new Error(text);
    return body.recall;
  };
  const [open, acknowledged] = [await takeBack(told[0] as Told), await takeBack(told[1] as Told)];
  const answer = await as(PARTNER).post(`/v1/recalls/${acknowledged}/acknowledgement`);
  if (answer.status !== 200) throw new Error(answer.text);
  return [
    { id: open, is: "open" },
    { id: acknowledged, is: "acknowledged" },
  ];
}

type Told = ReturnType<typeof indicator>;
