import { until, waitForSubmission } from "../support/api.ts";
import { startFileServer } from "../support/file-server.ts";
import { audience, expectMade, ownOf, type Sower, someObjects, statedObjects } from "./sower.ts";

/** What a member pulls goes where its source's marking lets it; where it is pulled from is the member's own. */
export async function plantPulled({ canaries, as, things }: Sower): Promise<void> {
  const server = await startFileServer();
  try {
    for (const [producer, tlp] of [
      ["MY", "amber"],
      ["SG:example-power", "amber+strict"],
    ] as const) {
      const where = canaries.plant(
        `where ${producer} pulls from`,
        "own",
        ownOf(producer, ["analyst", "officer"]),
      );
      const what = canaries.plant(`what ${producer} pulled`, "content", audience({ producer, tlp }));
      const path = `/${where.text}.csv`;
      server.files.set(path, `value\n${what.text}v.example.com\n`);
      const { api } = as(producer);
      const { id } = expectMade(
        await api.post("/v1/sources", { kind: "url", url: `${server.url}${path}`, tlp }),
      );
      things.source.push({ id, organisation: producer, realm: "live" });
      const submission = await until(40_000, `what ${producer} pulls`, async () => {
        const { body } = await api.get(`/v1/sources/${id}`);
        return (body.lastSubmission as string | null) ?? undefined;
      });
      const answer = await waitForSubmission(api, submission);
      things.submission.push({ id: submission, organisation: producer, realm: "live" });
      things.object.push(...someObjects(answer, producer, "live"));
      things.stated.push(...statedObjects(answer, producer, "live"));
      const paused = await api.post(`/v1/sources/${id}/pause`);
      if (paused.status !== 200) throw new Error(paused.text);
    }
  } finally {
    await server.close();
  }
}
