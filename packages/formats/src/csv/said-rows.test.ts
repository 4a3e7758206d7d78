import { expect, it } from "vitest";
import { csvReader } from "./read-csv.ts";

const ID = "indicator--00000000-0000-4000-8000-000000000000";

async function saidIn(table: string): Promise<unknown[]> {
  const source = (async function* () {
    yield Buffer.from(table);
  })();
  const said: unknown[] = [];
  for await (const batch of csvReader.read(source, { receivedAt: "2026-01-01T00:00:00Z", producer: "TH" }))
    for (const event of batch)
      if ("draft" in event) said.push("said" in event.draft ? event.draft.said : undefined);
  return said;
}

it("tells whose statement a row says that it is, and under which id", async () => {
  const rows = [`a.example,SG,${ID}`, "b.example,SG:power-grid,7", `c.example,,${ID}`, "d.example,Somebody,"];
  expect(await saidIn(`Value,Producer,ID\n${rows.join("\n")}\n`)).toEqual([
    { by: "SG", id: ID },
    { by: "SG:power-grid" },
    undefined,
    undefined,
  ]);
});

it("tells nothing of the kind of a table that does not", async () => {
  expect(await saidIn(`value,id\na.example,${ID}\n`)).toEqual([undefined]);
  expect(await saidIn("a.example,SG\nb.example,SG\n")).toEqual([undefined, undefined]);
});
