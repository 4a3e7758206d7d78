import { fileURLToPath } from "node:url";
import type { SubmissionDetail } from "@suar/contract";
import type { Narrator } from "./narrator.ts";
import { releasedIds, showReport } from "./report.ts";
import type { Stage } from "./stage.ts";

type Options = { tlp?: string; to?: string; kind?: "incident" };

/** SG's analyst sends one of the sample reports that come with the platform; what became of it is shown. */
export async function submitSample(
  stage: Stage,
  narrator: Narrator,
  name: string,
  options: Options = {},
): Promise<{ since: number; submission: SubmissionDetail; ids: string[] }> {
  const { submissions } = stage.as("SG", "analyst");
  const file = fileURLToPath(new URL(`../../seeds/reports/${name}`, import.meta.url));
  const since = Date.now();
  const { id } = await submissions.submit({ file }, options);
  const submission = await submissions.wait(id, { timeoutMs: 20_000 });
  showReport(narrator, submission);
  return { since, submission, ids: releasedIds(submission) };
}
