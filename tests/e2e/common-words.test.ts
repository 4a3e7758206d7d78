import { afterAll, beforeAll, expect, test } from "vitest";
import { type Caller, caller, submitAndWait } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";

/** More objects with one word than the search looks at in its index. */
const OTHERS = 6_000;

let platform: PlatformProcess;
let cn: Caller;

const names = (body: any): string[] => body.items.map(({ object }: any) => object.name);

beforeAll(async () => {
  platform = await startPlatform();
  cn = caller(platform.url, platform.key("CN"));
  const sg = caller(platform.url, platform.key("SG"));
  const csv = (rows: string[]): string => `type,value,description\n${rows.join("\n")}\n`;
  await submitAndWait(sg, "?tlp=green", csv(["cve,CVE-2026-1111,The first heron"]), "text/csv");
  await submitAndWait(sg, "?tlp=green", csv(["domain,old.example,An early heron"]), "text/csv");
  const hidden = Array.from({ length: OTHERS }, (_, n) => `domain,h${n}.example,A heron like many`);
  await submitAndWait(sg, "?tlp=amber&to=MY", csv(hidden), "text/csv");
  await submitAndWait(sg, "?tlp=green", csv(["domain,new.example,A late heron"]), "text/csv");
});
afterAll(async () => {
  await platform?.remove();
});

test("finds what a reader may see among thousands that it may not, the newest first", async () => {
  const { status, body, text } = await cn.get("/v1/search?q=heron");
  expect(status, text).toBe(200);
  expect(names(body)).toEqual(["new.example", "old.example", "CVE-2026-1111"]);
});

test("finds the one of a type among thousands of another", async () => {
  const my = caller(platform.url, platform.key("MY"));
  expect(names((await my.get("/v1/search?q=heron&limit=1")).body)).toEqual(["new.example"]);
  expect(names((await my.get("/v1/search?q=heron&type=vulnerability")).body)).toEqual(["CVE-2026-1111"]);
});
