import { randomUUID } from "node:crypto";
import {
  type AlertRule,
  AppError,
  actorOf,
  createAlertRule,
  cutNewest,
  deleteAlertRule,
  listAlertRules,
  parseListPlace,
} from "@suar/contract";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { countRules, deleteRule, insertRule, type RuleRow, selectRulesOf } from "../store/alert.ts";

const MOST_RULES = 200;

export function registerAlertRules(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, createAlertRule, async ({ principal, body }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    if ((await countRules(realm.write, caller.organisation.id)) >= MOST_RULES) {
      throw new AppError("quota-exceeded", `At most ${MOST_RULES} alert rules`);
    }
    const { name, filter } = body;
    const row = {
      id: randomUUID(),
      organisation_id: caller.organisation.id,
      name,
      filter,
      created_by: actorOf(caller),
    };
    return describe(await insertRule(realm.write, row));
  });

  handle(app, platform.authenticator, listAlertRules, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const after = parseListPlace(query.after);
    const found = await selectRulesOf(realm.write, caller.organisation.id, after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, platform.authenticator, deleteAlertRule, async ({ principal, params }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    if (!(await deleteRule(realm.write, params.id, caller.organisation.id))) throw new AppError("not-found");
    return undefined;
  });
}

function describe(row: RuleRow): AlertRule {
  return { id: row.id, name: row.name, filter: row.filter, createdAt: row.created_at.toISOString() };
}
