/** One thing that is wrong with a scenario. `path` leads to it from the root of the file. */
export type Problem = {
  code: string;
  severity: "error" | "warning";
  message: string;
  path: readonly (string | number)[];
  /** Counted from one; absent where only a parsed scenario was at hand. */
  line?: number;
};
