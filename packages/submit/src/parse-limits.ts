import { AppError, type SubmissionQuery } from "@suar/contract";
import type { Limits } from "@suar/policy";
import type { Directory } from "@suar/runtime";
import { parseNames, recipientsOf } from "./parse-names.ts";

/** What narrows a submission beside its marking; undefined where nothing is said. Throws `unknown-member` or `bad-request`. */
export async function parseLimits(
  query: Pick<SubmissionQuery, keyof Limits>,
  directory: Directory,
): Promise<Limits | undefined> {
  const { purpose, noForward } = query;
  const expires = parseEnd(query.expires);
  const names = parseNames("releasableTo", query.releasableTo);
  const limits: Limits = {
    ...(purpose !== undefined && { purpose }),
    ...(expires !== undefined && { expires }),
    ...(noForward !== undefined && { noForward }),
    ...(names.length > 0 && { releasableTo: await recipientsOf(names, directory, "releasableTo") }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** To the millisecond, the earlier one: clocks that read it know no finer. */
function parseEnd(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  if (!(at > Date.now())) throw new AppError("bad-request", "expires= is over already");
  return new Date(at).toISOString();
}
