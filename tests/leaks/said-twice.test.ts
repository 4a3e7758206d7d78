import { describe, expect, test } from "vitest";
import { submitAndWait } from "../support/api.ts";
import { READERS, useStatements } from "./statements.ts";

/** Tables say the same value more than once, with other details and under other markings. */
const scene = useStatements();

describe("what is said of one value twice", () => {
  test("goes with the details to nobody but those for whom these were", async () => {
    const rows = (first: string, second: string) =>
      `value,tlp,description\n${first}twice.example,TLP:AMBER+STRICT,narrow words\n${second}twice.example,TLP:GREEN,wide words\n`;
    for (let time = 0; time < 2; time++) {
      const done = await submitAndWait(scene.said.as("SG"), "", rows("", ""), "text/csv");
      expect(done.body.status, done.text).toBe("done");
    }
    expect(await scene.said.text("SG")).toContain("narrow words");
    for (const member of READERS.slice(1))
      expect(await scene.said.text(member)).not.toContain("narrow words");
  });

  test("goes no further than the stricter of its markings, however late in a table that stands", async () => {
    const others = Array.from({ length: 2_500 }, (_, n) => `n${n}.late.example,TLP:GREEN,`);
    const early = "early.late.example,TLP:GREEN,wide words";
    const late = "early.late.example,TLP:AMBER+STRICT,late words";
    const table = (...rows: string[]): string => `value,tlp,description\n${rows.join("\n")}\n`;
    const short = table(early, late);
    const asked = await scene.said
      .as("SG")
      .raw("/v1/submissions?dryRun=true", short, { "content-type": "text/csv" });
    expect(asked.body.records.map(({ outcome }: { outcome: string }) => outcome).sort()).toEqual([
      "accepted",
      "merged",
    ]);
    expect(asked.body.recipients).toMatchObject([{ organisation: "SG", objects: 1 }]);
    const done = await submitAndWait(scene.said.as("SG"), "", table(early, ...others, late), "text/csv");
    expect(done.body.counts, done.text).toMatchObject({ accepted: 2_501, merged: 1, rejected: 0 });
    expect(await scene.said.text("SG")).toContain("wide words");
    const theirs = await scene.said.text("VN");
    expect(theirs).toContain("n2499.late.example");
    expect(theirs).not.toContain("early.late.example");
  });

  test("goes no further where the strict row is known already, or was rejected, or its marking is not known", async () => {
    const send = async (query: string, ...rows: string[]) =>
      await submitAndWait(scene.said.as("SG"), query, `value,type,tlp,pap\n${rows.join("\n")}\n`, "text/csv");
    await send("?to=MY", "198.51.100.1,ip-dst,TLP:AMBER+STRICT,");
    await send("", "198.51.100.1,ip-dst,TLP:AMBER+STRICT,", "198.51.100.1,ip-dst,TLP:GREEN,");
    await send("", "198.51.100.2,sha256,TLP:AMBER+STRICT,", "198.51.100.2,ip-dst,TLP:GREEN,");
    const unknown = await send("", "198.51.100.3,ip-dst,TLP:VIOLET,", "198.51.100.3,ip-dst,TLP:GREEN,");
    expect(unknown.body.counts).toMatchObject({ accepted: 0, rejected: 2 });
    expect(await scene.said.text("SG")).toContain("198.51.100.2");
    for (const value of ["198.51.100.1", "198.51.100.2", "198.51.100.3"])
      expect(await scene.said.text("TH"), value).not.toContain(value);
    // Said wider by itself later, it is meant so.
    await send("", "198.51.100.1,ip-dst,TLP:GREEN,");
    expect(await scene.said.text("TH")).toContain("198.51.100.1");
  });

  test("goes to nobody where a row beyond the beginning is RED, also one that is rejected: the table is refused whole", async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `n${n}.red.example,TLP:GREEN`);
    const table = `value,tlp\nfirst.red.example,TLP:GREEN\n${rows.join("\n")}\nfirst.red.example,TLP:RED\n`;
    const done = await submitAndWait(scene.said.as("SG"), "", table, "text/csv");
    expect(done.body).toMatchObject({ status: "failed", problem: { code: "red-needs-people" } });
    expect(done.body.problem.detail).toContain("line 20003");
    expect(await scene.said.text("VN")).not.toContain("red.example");
  });
});
