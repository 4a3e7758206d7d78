import { AppError, cutPage, GroupCode, listGroups } from "@suar/contract";
import { handle, type Platform } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { selectGroups } from "../store/organisation.ts";

export function registerGroups(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listGroups, async ({ query }) => {
    if (query.after !== undefined && !GroupCode.safeParse(query.after).success)
      throw new AppError("bad-cursor");
    const found = await selectGroups(platform.core, query.after ?? "", query.limit + 1);
    const { rows, ...next } = cutPage(found, query.limit, ({ code }) => code);
    // What nothing can be addressed to is no group.
    const known = await Promise.all(rows.map(async ({ code }) => await platform.directory.group(code)));
    return { items: rows.filter((_, at) => known[at] !== undefined), ...next };
  });
}
