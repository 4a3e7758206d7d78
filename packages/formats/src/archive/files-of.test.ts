import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { mispReader } from "../misp/read-misp.ts";
import { tarOf, zipOf } from "../testing/archive-fixture.ts";
import { collect, valuesOf } from "../testing/collect-drafts.ts";
import { filesOf } from "./files-of.ts";

const event = JSON.stringify({
  Event: { info: "x", Attribute: [{ type: "domain", value: "c2.example.com", to_ids: true }] },
});
const mac = [
  { name: "feed/._a.json", text: Buffer.from([0, 5, 22, 7, 0, 2]) },
  { name: "feed/a.json", text: event },
  { name: "__MACOSX/feed/._a.json", text: Buffer.from([0, 5, 22, 7, 0, 2]) },
  { name: "__MACOSX/a.json", text: Buffer.from([0, 5, 22, 7, 0, 2]) },
];

it.each([
  ["zip", zipOf(mac)],
  ["tar", tarOf(mac)],
  ["tar.gz", gzipSync(tarOf(mac))],
])("passes over what macOS puts into a %s beside its files", async (_name, archive) => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield archive;
  }
  const names: string[] = [];
  for await (const { name } of filesOf(source())) names.push(name);
  expect(names).toEqual(["feed/a.json"]);
  expect(valuesOf(await collect(mispReader, archive))).toEqual(["domain c2.example.com"]);
});
