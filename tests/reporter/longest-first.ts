import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take minutes, the longest first: begun last, each would have the machine to itself at the end. Those that
 * start a dozen processes stand between others, so that no four of them run at once.
 */
const LONG = [
  "leaks/canary-crawl",
  "faults/kill-process",
  "fuzz/fuzz",
  "e2e/compose-reports",
  "leaks/same-work",
  "e2e/embedded-reports",
  "e2e/tampering.test",
  "e2e/compose-sources",
  "leaks/swapped-ids",
  "e2e/embedded-sources",
  "e2e/corpus",
  "e2e/compose.test",
  "e2e/embedded-rules",
  "gate/victims",
  "leaks/told-codes",
  "e2e/recall-reminders",
  "e2e/approval-deadlines",
  "faults/kill-",
  "faults/restored-backup",
  "bad-input/bad-settings",
  "gate/",
];

/** Vitest's own order, but that what takes long is begun early, also where no earlier run has told how long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.includes(`tests/${name}`));
      return at === -1 ? LONG.length : at;
    };
    const group = ({ project }: TestSpecification): number => project.config.sequence.groupOrder ?? 0;
    return (await super.sort(files)).sort((a, b) => group(a) - group(b) || rank(a) - rank(b));
  }
}
