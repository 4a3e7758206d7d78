import { Purpose } from "@suar/policy";
import type { Command } from "commander";
import type { SubmitOptions } from "../../resources/submissions.ts";
import { UsageError } from "../shell/exit-codes.ts";

export type LimitOptions = { purpose?: string; forward: boolean; releasableTo?: string };

/** What narrows who receives something beside its marking. */
export function withLimits(command: Command): Command {
  return command
    .option("--purpose <purpose>", `what it is shared for: ${Purpose.options.join(", ")}`)
    .option("--no-forward", "for those alone whom --to names themselves, not for their agencies")
    .option("--releasable-to <codes>", "whom it may go to at all, with commas");
}

/** Throws a UsageError for a purpose that there is not. */
export function limitsOf({
  purpose,
  forward,
  releasableTo,
}: LimitOptions): Pick<SubmitOptions, "purpose" | "noForward" | "releasableTo"> {
  const known = Purpose.optional().safeParse(purpose);
  if (!known.success) throw new UsageError(`--purpose is one of ${Purpose.options.join(", ")}`);
  return {
    ...(known.data !== undefined && { purpose: known.data }),
    ...(!forward && { noForward: true }),
    ...(releasableTo !== undefined && { releasableTo }),
  };
}
