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
    expect(await scene.said.text("SG")).toContain("late words");
    const theirs = await scene.said.text("VN");
    expect(theirs).toContain("n2499.late.example");
    expect(theirs).not.toContain("early.late.example");
  });

  test("goes to nobody where a row beyond the beginning is RED: the table is refused whole", async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `n${n}.red.example,TLP:GREEN`);
    const table = `value,tlp\nfirst.red.example,TLP:GREEN\n${rows.join("\n")}\nfirst.red.example,TLP:RED\n`;
    const done = await submitAndWait(scene.said.as("SG"), "", table, "text/csv");
    expect(done.body).toMatchObject({ status: "failed", problem: { code: "red-needs-people" } });
    expect(done.body.problem.detail).toContain("line 20003");
    expect(await scene.said.text("VN")).not.toContain("red.example");
  });
});
