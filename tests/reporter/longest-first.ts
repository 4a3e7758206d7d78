import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take minutes, the longest first: begun last, each would have the machine to itself at the end. Those that
 * start a dozen processes stand between others, so that no four of them run at once.
 */
const LONG = [
  "leaks/canary-crawl",
  "faults/kill-process",
  "e2e/compose-reports",
  "e2e/embedded-reports",
  "e2e/compose-sources",
  "e2e/embedded-sources",
  "e2e/compose.test",
  "e2e/embedded-rules",
  "e2e/corpus",
  "leaks/swapped-ids",
  "leaks/same-work",
  "bad-input/bad-settings",
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
