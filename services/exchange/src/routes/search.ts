import { search } from "@suar/contract";
import { handle, type Platform, requireOrganisation } from "@suar/runtime";
import { canonicalize, classifyValue, observableKey, refang } from "@suar/stix";
import type { FastifyInstance } from "fastify";
import { countOthers, toAssertions } from "../assertions.ts";
import { type AssertionRow, selectAssertions, selectByKeys, selectByWords } from "../store/assertion.ts";

export function registerSearch(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, search, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const understood = understand(query.q);
    return await realm.readAs(caller.organisation.id, async (db) => {
      const found: AssertionRow[] = [];
      if (/^[a-z0-9-]+--[0-9a-f-]{36}$/.test(query.q)) found.push(...(await selectAssertions(db, query.q)));
      if (understood !== null)
        found.push(
          ...(await selectByKeys(
            db,
            [observableKey(understood.kind, understood.value)],
            query.type,
            query.limit,
          )),
        );
      // A value is looked up as such; only where it is not found is it taken for words.
      if (found.length === 0) found.push(...(await selectByWords(db, query.q, query.type, query.limit)));
      const rows = [...new Map(found.map((row) => [row.rendition_id, row])).values()];
      const others = await countOthers(db, platform.directory, rows);
      const assertions = await toAssertions(platform.directory, rows);
      const items = assertions.map((assertion, index) => ({
        ...assertion,
        alsoReportedBy: others.get(rows[index]?.rendition_id ?? 0) ?? 0,
      }));
      return { understood, items };
    });
  });
}

/** The value that a query is, defanged or not; null when it is only words. */
function understand(query: string) {
  const text = refang(query.trim());
  const kind = classifyValue(text);
  if (kind === undefined) return null;
  const canonical = canonicalize(kind, text);
  return canonical.ok ? { kind, value: canonical.value } : null;
}
