import { Role } from "@suar/contract";
import { listOf } from "../shell/collect.ts";
import { UsageError } from "../shell/exit-codes.ts";

const GIVEN = Role.exclude(["operator"]);

/** Roles from a command line; the operator's is given by nobody. */
export function rolesOf(text: string): Exclude<Role, "operator">[] {
  const parsed = GIVEN.array().min(1).safeParse(listOf(text));
  if (parsed.success) return parsed.data;
  throw new UsageError(`--roles takes some of ${GIVEN.options.join(", ")}`);
}
