import type pg from "pg";

/** What PostgreSQL's own catalog says that roles may do: nothing here is read from migrations. */
export type Grants = Record<string, Record<string, string>>;

/** Privileges as letters, as in pg_class.relacl: r SELECT, a INSERT, w UPDATE, d DELETE, D TRUNCATE, x, t, m. */
const OF_TABLES = {
  SELECT: "r",
  INSERT: "a",
  UPDATE: "w",
  DELETE: "d",
  TRUNCATE: "D",
  REFERENCES: "x",
  TRIGGER: "t",
  MAINTAIN: "m",
};
const OF_COLUMNS = { SELECT: "r", INSERT: "a", UPDATE: "w", REFERENCES: "x" };
const OF_SEQUENCES = { USAGE: "U", SELECT: "r", UPDATE: "w" };
const OF_FUNCTIONS = { EXECUTE: "X" };
const OF_SCHEMAS = { USAGE: "U", CREATE: "C" };

export async function rolesOf(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "SELECT rolname AS name FROM pg_roles WHERE rolname !~ '^pg_' AND NOT rolsuper ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

/** Tables and views, with the columns of which a role may do more or less than with the whole. */
export async function tableGrants(
  admin: pg.Client,
  schema: string,
  roles: readonly string[],
): Promise<Grants> {
  const whole = await granted(admin, roles, OF_TABLES, {
    sql: `SELECT relname AS name, oid FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')`,
    check: "has_table_privilege",
    schema,
  });
  return { ...whole, ...(await columnGrants(admin, schema, roles)) };
}

/** Of each column that has grants of its own, what a role may do with it by those and by the table's together. */
async function columnGrants(admin: pg.Client, schema: string, roles: readonly string[]): Promise<Grants> {
  return await granted(admin, roles, OF_COLUMNS, {
    sql: `SELECT format('%s.%s', c.relname, a.attname) AS name, c.oid, a.attnum FROM pg_attribute a
            JOIN pg_class c ON c.oid = a.attrelid
           WHERE c.relnamespace = $1::regnamespace AND a.attacl IS NOT NULL`,
    check: "has_column_privilege",
    of: "thing.oid, thing.attnum",
    schema,
  });
}

export async function sequenceGrants(
  admin: pg.Client,
  schema: string,
  roles: readonly string[],
): Promise<Grants> {
  return await granted(admin, roles, OF_SEQUENCES, {
    sql: `SELECT relname AS name, oid FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'S'`,
    check: "has_sequence_privilege",
    schema,
  });
}

/** Functions by their signature; `as`: whose rights they run with, and in which schemas they look. */
export async function functionGrants(
  admin: pg.Client,
  schema: string,
  roles: readonly string[],
): Promise<Grants> {
  const found = await granted(admin, roles, OF_FUNCTIONS, {
    sql: `SELECT oid::regprocedure::text AS name, oid FROM pg_proc WHERE pronamespace = $1::regnamespace`,
    check: "has_function_privilege",
    schema,
  });
  const { rows } = await admin.query<{ name: string; definer: boolean; config: string | null }>(
    `SELECT oid::regprocedure::text AS name, prosecdef AS definer, array_to_string(proconfig, ' ') AS config
       FROM pg_proc WHERE pronamespace = $1::regnamespace`,
    [schema],
  );
  for (const { name, definer, config } of rows)
    found[name] = { ...found[name], as: `${definer ? "its owner" : "its caller"}, ${config ?? "wherever"}` };
  return found;
}

export async function schemaGrants(admin: pg.Client, roles: readonly string[]): Promise<Grants> {
  return await granted(admin, roles, OF_SCHEMAS, {
    sql: `SELECT nspname AS name, oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND $1 <> ''`,
    check: "has_schema_privilege",
    schema: "all",
  });
}

type Asked = { sql: string; check: string; of?: string; schema: string };

async function granted(
  admin: pg.Client,
  roles: readonly string[],
  privileges: Record<string, string>,
  { sql, check, of = "thing.oid", schema }: Asked,
): Promise<Grants> {
  const letters = Object.entries(privileges).map(
    ([name, letter]) => `CASE WHEN ${check}(role, ${of}, '${name}') THEN '${letter}' ELSE '' END`,
  );
  const { rows } = await admin.query<{ name: string; role: string | null; may: string }>(
    `SELECT thing.name, role, concat(${letters.join(", ")}) AS may FROM (${sql}) thing
       LEFT JOIN unnest($2::text[]) role ON true ORDER BY 1, 2`,
    [schema, roles],
  );
  const found: Grants = {};
  for (const { name, role, may } of rows) {
    found[name] ??= {};
    if (role !== null && may !== "") found[name][role] = may;
  }
  return found;
}

/** Who sees which rows: RLS, whether it holds for the table's owner too, and its policies. */
export async function policies(admin: pg.Client, schema: string): Promise<Record<string, string[]>> {
  const { rows } = await admin.query<{ name: string; policies: string[] }>(
    `SELECT c.relname AS name, ARRAY(
              SELECT format('%s for %s to %s using %s', polname, polcmd, (SELECT string_agg(rolname, ',') FROM pg_roles r WHERE r.oid = ANY (polroles)),
                            regexp_replace(pg_get_expr(polqual, polrelid), '\\s+', ' ', 'g'))
                FROM pg_policy p WHERE p.polrelid = c.oid ORDER BY 1) AS policies
       FROM pg_class c WHERE c.relnamespace = $1::regnamespace AND c.relrowsecurity ORDER BY 1`,
    [schema],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.policies]));
}
