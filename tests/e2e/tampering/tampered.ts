import { expect } from "vitest";
import type { TamperScene } from "./scene.ts";
import { FLIPPED, ROWS } from "./tables.ts";

/** What any member finds wrong. */
export async function whatIsFound(scene: TamperScene, policy?: "witnesses"): Promise<string | undefined> {
  for (const member of Object.values(scene.members)) {
    const found = await member.look(policy);
    if (found !== undefined) return `${member.code}: ${found}`;
  }
  return undefined;
}

/** Changes a table as its owner can, with every check of the database's switched off; and puts it back afterwards. */
export async function tampered<T>(
  { owner }: TamperScene,
  table: string,
  change: string,
  look: () => Promise<T>,
): Promise<T> {
  const kept = `before_${table.replace(".", "_")}`;
  await owner.query("SET session_replication_role = replica");
  await owner.query(`CREATE TABLE ${kept} AS SELECT * FROM ${table}`);
  try {
    const { rowCount } = await owner.query(change);
    expect(rowCount, change).toBe(1);
    return await look();
  } finally {
    await owner.query(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM ${table};
      INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM ${kept}; DROP TABLE ${kept}; COMMIT`);
    await owner.query("SET session_replication_role = DEFAULT");
  }
}

type Column = { table: string; column: string; type: string };

/** Every column of every table there is, from the database's own catalogue. */
export async function columnsOf(scene: TamperScene): Promise<Column[]> {
  const { rows } = await scene.owner.query<Column>(
    `SELECT CASE c.table_schema WHEN 'core' THEN 'core.' ELSE '' END || c.table_name AS table,
            c.column_name AS column, c.udt_name AS type
       FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
      WHERE c.table_schema IN ('live', 'core') AND t.table_type = 'BASE TABLE'
      ORDER BY 1, c.ordinal_position`,
  );
  return rows;
}

/** The row of a table that is on the road of what the members hold. */
export function rowIn(scene: TamperScene, table: string, column = ""): string {
  const found = ROWS[`${table}.${column}`] ?? FLIPPED[table]?.where ?? "";
  return `ctid = (SELECT ctid FROM ${table} WHERE ${named(scene, found)} LIMIT 1)`;
}

/** With the scene's own in place of its names in braces. */
export function named(scene: TamperScene, sql: string): string {
  return sql.replace(/\{(\w+)\}/g, (_, name) => String(scene.rows[name]));
}
