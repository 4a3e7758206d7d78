import type { Queryable } from "@suar/runtime";

/* What a TAXII collection holds, read under row-level security only: the caller's own log, object by object. */

/** What of a realm a collection holds; nothing named means everything. */
export type Scope = { tlp?: string; producer?: number; sector?: string };

export type EntryQuery = {
  scope: Scope;
  types?: readonly string[] | undefined;
  ids?: readonly string[] | undefined;
  /** Ids of what every collection holds beside the log: nobody's words stand in their place. */
  except: readonly string[];
  /** Which versions of an object; timestamps are as `plainTime` writes them. */
  versions: { first: boolean; last: boolean; all: boolean; times: readonly string[] };
  /** Producers, each with the id of the identity that is its own: a creator's words come before a copy of them. */
  creators: { producers: readonly number[]; identities: readonly string[] };
};

/**
 * Where an object stands in the log, and what stands there: a rendition, or the version that revokes it. `micros` since
 * 1970, `bytes` of its body.
 */
export type EntryPlace = { seq: number; micros: number; bytes: number; rendition: number; revokes: boolean };

/** A version's time without the zeros at its end: two that mean one instant are one text. */
export function plainTime(timestamp: string): string {
  return timestamp.includes(".") ? timestamp.replace(/\.?0*Z$/, "Z") : timestamp;
}

/**
 * What a collection shows of renditions: as they are; of one that was withdrawn, the version that revokes it (STIX 2.1
 * §3.2), which its reader is told with the withdrawal. Not where the same producer states it again, nor where anybody
 * states it as another's creation, or as nobody's: whoever was the first to use an id does not end what others mean by
 * it. Whoever lost it before was told of its end then: another version after that there cannot be. An alert is no object of
 * a collection, and neither is its end.
 */
const SHOWN = `(SELECT w.id, w.producer, w.stix_id, w.type, w.tlp, w.sectors, w.withdrawn,
           CASE WHEN w.withdrawn THEN w.revocation ELSE w.body END AS body,
           CASE WHEN w.withdrawn THEN w.revocation_rank ELSE w.rank END AS rank
      FROM rendition w
     WHERE NOT w.withdrawn
        OR (w.revocation IS NOT NULL
            AND EXISTS (SELECT FROM log WHERE rendition_id = w.id AND kind = 'withdrawn')
            AND NOT EXISTS (SELECT FROM log WHERE rendition_id = w.id AND kind = 'alert')
            AND NOT EXISTS (SELECT FROM rendition again
                             WHERE again.stix_id = w.stix_id AND NOT again.withdrawn
                               AND (again.producer = w.producer
                                    OR coalesce(again.body::json ->> 'created_by_ref', '') <>
                                       coalesce(w.revocation::json ->> 'created_by_ref', 'nobody')))
            AND NOT EXISTS (SELECT FROM rendition lost
                             WHERE lost.stix_id = w.stix_id AND lost.producer = w.producer AND lost.closes
                               AND lost.revocation_rank > w.rank AND lost.revocation_rank < w.revocation_rank)))`;

function timeText(at: string): string {
  return `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function stixVersion(r: string): string {
  return `coalesce(${r}.body::json ->> 'modified', ${r}.body::json ->> 'created')`;
}

// §3.4.1: what has neither `modified` nor `created` has the date on which it was added.
const VERSION = `coalesce(${stixVersion("r")},
  (SELECT ${timeText("logged_at")} FROM log WHERE seq = ${toldAt("r", "DESC")}))`;

/** As `plainTime` writes it. */
function plain(version: string): string {
  return `(SELECT CASE WHEN strpos(v, '.') > 0 THEN regexp_replace(v, '\\.?0*Z$', 'Z') ELSE v END
   FROM (SELECT ${version} AS v) AS version)`;
}

/**
 * The places of objects with `after < seq <= upTo`, in order, `most` of them. An object stands where the caller was
 * last told of it, which is once for whoever never lost it; of the same version of the same id stated by several, one is
 * there (DESIGN 1, decision 3). Where the last versions are asked for (as whoever goes on by dates does), and the caller
 * ever lost anything of an id, what stands there now may have been told of long ago: it is dated by the last that was
 * told of the id.
 */
export async function selectEntryPlaces(
  db: Queryable,
  query: EntryQuery,
  { after, upTo, most }: { after: number; upTo: number; most: number },
): Promise<EntryPlace[]> {
  const parameters = new Parameters();
  const conditions = [
    `l.seq > ${parameters.add(after)} AND l.seq <= ${parameters.add(upTo)}`,
    "l.kind <> 'alert'",
    ...membership("r", query.scope, parameters),
    ...(query.types === undefined ? [] : [`r.type = ANY (${parameters.add(query.types)})`]),
    `r.stix_id <> ALL (${parameters.add(query.except)})`,
    ...versionConditions(query, parameters),
  ];
  const { rows } = await db.query<EntryPlace>(
    `${withIds(query, parameters)}SELECT l.seq, (extract(epoch FROM l.logged_at) * 1000000)::bigint AS micros, octet_length(r.body) AS bytes,
            r.id AS rendition, r.withdrawn AS revokes
       FROM ${fromOf(query)} WHERE ${conditions.join(" AND ")}
      ORDER BY l.seq LIMIT ${parameters.add(most)}`,
    parameters.values,
  );
  return rows;
}

/** One version of each id is asked for, the last: whoever goes on by dates holds that. */
function areLast({ all, first, last, times }: EntryQuery["versions"]): boolean {
  return last && !all && !first && times.length === 0;
}

/** What the caller was told last of an id, and whether it ever lost anything of it, or had something back. */
function toldOf(stixId: string): string {
  return `(SELECT max(o.seq) AS last,
                  count(*) > count(DISTINCT o.rendition_id) OR bool_or(o.kind = 'withdrawn') AS has_turned
             FROM rendition a JOIN log o ON o.rendition_id = a.id
            WHERE a.stix_id = ${stixId} AND o.kind <> 'alert')`;
}

/**
 * Of some ids, what the caller may see of them is read once, by row-level security, and everything else is asked of that:
 * asked of the table at each place, the statement takes longer to plan than to run. Who created an id is found once for it.
 */
function withIds({ ids, creators }: EntryQuery, parameters: Parameters): string {
  if (ids === undefined) return "";
  const producerOf = identityTest(creators, parameters);
  return `WITH rendition AS MATERIALIZED (
      SELECT id, producer, stix_id, type, tlp, sectors, withdrawn, body, rank, revocation, revocation_rank, closes
        FROM rendition WHERE stix_id = ANY (${parameters.add(ids)})),
    creator AS MATERIALIZED (
      SELECT DISTINCT ON (f.stix_id) f.stix_id, coalesce(f.body::json ->> 'created_by_ref', ${producerOf("f")}) AS identity
        FROM ${SHOWN} f ORDER BY f.stix_id, ${firstSeq("f")}) `;
}

/**
 * Each in the order that the database can take without looking at everything: with a limit an entry is looked up, where it
 * would go through the whole log of the caller otherwise.
 */
function fromOf({ ids, versions }: EntryQuery): string {
  const own = toldAt("r", "DESC");
  const entryAt = (seq: string) =>
    `CROSS JOIN LATERAL (SELECT seq, logged_at, kind FROM log WHERE seq = ${seq} LIMIT 1) l`;
  if (ids !== undefined && areLast(versions))
    return `${SHOWN} r CROSS JOIN LATERAL ${toldOf("r.stix_id")} t
            ${entryAt(`CASE WHEN t.has_turned THEN t.last ELSE ${own} END`)}`;
  if (ids !== undefined) return `${SHOWN} r ${entryAt(own)}`;
  if (!areLast(versions)) return `log l JOIN ${SHOWN} r ON r.id = l.rendition_id AND l.seq = ${own}`;
  return `log l JOIN rendition e ON e.id = l.rendition_id CROSS JOIN LATERAL ${toldOf("e.stix_id")} t
          JOIN LATERAL (SELECT s.* FROM ${SHOWN} s WHERE NOT t.has_turned AND s.id = e.id
                        UNION ALL
                        SELECT s.* FROM ${SHOWN} s WHERE t.has_turned AND l.seq = t.last AND s.stix_id = e.stix_id) r ON true`;
}

/** Whether the collection has the object in any version; `live`: in one that was not withdrawn. */
export async function hasEntry(
  db: Queryable,
  scope: Scope,
  stixId: string,
  which: "any" | "live" = "any",
): Promise<boolean> {
  const parameters = new Parameters();
  const conditions = [
    `r.stix_id = ${parameters.add(stixId)}`,
    ...(which === "live" ? ["NOT r.withdrawn"] : []),
    ...membership("r", scope, parameters),
  ];
  const { rows } = await db.query(
    `SELECT FROM ${SHOWN} r WHERE ${conditions.join(" AND ")} LIMIT 1`,
    parameters.values,
  );
  return rows.length > 0;
}

/** `told`: the entry that tells of it, which is an earlier one where another of its id dates it. */
export type EntryRow = {
  seq: number;
  told: number;
  stix_id: string;
  at: string;
  version: string;
  body: string;
};

/** What stands at such places; of what was withdrawn or closed meanwhile nothing is left. */
export async function selectEntries(
  db: Queryable,
  places: readonly EntryPlace[],
  wanted: "bodies" | "versions",
): Promise<EntryRow[]> {
  const { rows } = await db.query<EntryRow>(
    `SELECT l.seq, CASE WHEN l.rendition_id = r.id THEN l.seq ELSE ${toldAt("r", "DESC")} END AS told, r.stix_id,
            ${timeText("l.logged_at")} AS at,
            ${wanted === "bodies" ? "'' AS version, r.body" : `${VERSION} AS version, '' AS body`}
       FROM unnest($1::bigint[], $2::bigint[], $3::boolean[]) AS p (seq, rendition, revokes)
       JOIN log l ON l.seq = p.seq JOIN ${SHOWN} r ON r.id = p.rendition AND r.withdrawn = p.revokes ORDER BY l.seq`,
    [
      places.map(({ seq }) => seq),
      places.map(({ rendition }) => rendition),
      places.map(({ revokes }) => revokes),
    ],
  );
  return rows;
}

/** The seq of the last entry that was logged at a moment or before it; `micros` since 1970. */
export async function selectSeqLoggedBy(db: Queryable, micros: bigint): Promise<number> {
  const { rows } = await db.query<{ seq: number }>(
    "SELECT seq_logged_by('epoch'::timestamptz + $1::bigint * interval '1 microsecond') AS seq",
    [String(micros)],
  );
  return rows[0]?.seq ?? 0;
}

class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

function membership(r: string, { tlp, producer, sector }: Scope, parameters: Parameters): string[] {
  return [
    ...(tlp === undefined ? [] : [`${r}.tlp = ${parameters.add(tlp)}`]),
    ...(producer === undefined ? [] : [`${r}.producer = ${parameters.add(producer)}`]),
    ...(sector === undefined ? [] : [`${r}.sectors @> ARRAY[${parameters.add(sector)}]::text[]`]),
  ];
}

/**
 * TAXII 2.1 §3.4.1 match[version], over what the caller may see of the collection. Who created an object has the say
 * of its first and its last version; others' words come in only where the creator's are not there (STIX §3.6).
 */
function versionConditions({ ids, versions, scope, creators }: EntryQuery, parameters: Parameters): string[] {
  const inCollection = membership("n", scope, parameters).map((condition) => `${condition} AND `);
  const noOther = (condition: string): string =>
    `NOT EXISTS (SELECT FROM ${SHOWN} n
        WHERE n.stix_id = r.stix_id AND n.id <> r.id AND ${inCollection.join("")}(${condition}))`;
  const isCreators = ids === undefined ? creatorTest(creators, parameters) : creatorOf(creators, parameters);
  const [theirs, own] = [isCreators("n"), isCreators("r")];
  const same = `n.rank = r.rank AND ${plain(stixVersion("n"))} = ${plain(stixVersion("r"))}
        AND (${theirs}, ${toldAt("r", "ASC")}) > (${own}, ${toldAt("n", "ASC")})`;
  const later = `(${theirs}, n.rank) > (${own}, r.rank)`;
  const earlier = `(${theirs}, r.rank) > (${own}, n.rank)`;
  if (versions.all) return [noOther(same)];
  const { first, last, times } = versions;
  if (last && !first && times.length === 0) return [noOther(`${later} OR (${same})`)];
  const asked = [
    ...(last ? [noOther(later)] : []),
    ...(first ? [noOther(earlier)] : []),
    ...(times.length === 0 ? [] : [`${plain(VERSION)} = ANY (${parameters.add(times)})`]),
  ];
  return [noOther(same), `(${asked.join(" OR ")})`];
}

/**
 * Whether a statement is its creator's own. Of all that the caller may see of an id the first says who that is: by
 * `created_by_ref`, or by nobody's name but its producer's. Who claims later what was there takes nothing away.
 */
function creatorTest(creators: EntryQuery["creators"], parameters: Parameters) {
  const producer = identityTest(creators, parameters);
  return (r: string): string => `coalesce(${producer(r)} =
        (SELECT coalesce(f.body::json ->> 'created_by_ref', ${producer("f")}) FROM ${SHOWN} f
          WHERE f.stix_id = ${r}.stix_id ORDER BY ${firstSeq("f")} LIMIT 1), false)`;
}

/** The same where it was found beforehand (`withIds`). */
function creatorOf(creators: EntryQuery["creators"], parameters: Parameters) {
  const producer = identityTest(creators, parameters);
  return (r: string): string =>
    `coalesce(${producer(r)} = (SELECT c.identity FROM creator c WHERE c.stix_id = ${r}.stix_id), false)`;
}

/** The id of the identity that is a statement's producer's own. */
function identityTest({ producers, identities }: EntryQuery["creators"], parameters: Parameters) {
  const [whose, who] = [parameters.add(identities), parameters.add(producers)];
  return (r: string): string => `(${whose}::text[])[array_position(${who}::int[], ${r}.producer)]`;
}

function firstSeq(r: string): string {
  return `(SELECT seq FROM log WHERE rendition_id = ${r}.id ORDER BY seq LIMIT 1)`;
}

/**
 * The seq at which the caller was told of it, first or last, or of its end where it was withdrawn; ids of renditions are
 * reserved in blocks and tell no order.
 */
function toldAt(r: string, order: "ASC" | "DESC"): string {
  return `(SELECT seq FROM log WHERE rendition_id = ${r}.id AND (kind = 'withdrawn') = ${r}.withdrawn ORDER BY seq ${order} LIMIT 1)`;
}
