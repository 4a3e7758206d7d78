const OWN_AUDIENCES = "SELECT a.audience_id FROM live.audience_organisation a WHERE a.organisation_id = $1";
const OWN_CLOSED =
  "t.since <= now() AND (t.organisation_id = $1 OR (t.organisation_id = 0 AND t.but_for <> $1))";
const CLOSED_TO = `SELECT t.rendition_id FROM live.closed t WHERE ${OWN_CLOSED}`;
const OWN_ENTRIES = `t.audience_id IN (${OWN_AUDIENCES}) AND t.rendition_id NOT IN (${CLOSED_TO})`;
const OWN_RENDITIONS = `SELECT t.rendition_id FROM live.log t WHERE ${OWN_ENTRIES}`;

/** Rows of an organisation, of each table that has a policy; one that has none here fails. */
export const OWN_ROWS: Record<string, string> = {
  audience_organisation: "t.organisation_id = $1",
  closed: OWN_CLOSED,
  log: OWN_ENTRIES,
  observable: `t.audience_id IN (${OWN_AUDIENCES}) AND EXISTS (SELECT FROM (${OWN_RENDITIONS}) own (id) WHERE id BETWEEN t.rendition_id AND t.rendition_id + t.also)`,
  rendition: `t.id IN (${OWN_RENDITIONS})`,
  watch_list: "t.organisation_id = $1",
};

/** What another role reads, as one person: inbox-role.test.ts. */
export const OF_PEOPLE = ["inbox_acknowledgement", "inbox_item", "inbox_read"];
/** The log's head, and hashes that prove it: the same for every reader. */
export const EVERYBODYS = ["checkpoint", "cosignature", "log_epoch", "log_head", "tree_tile"];
export const READABLE = ["log", "rendition", "observable", "audience_organisation", "closed", "watch_list"];
