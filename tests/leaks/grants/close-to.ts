import { expect } from "vitest";
import { connectAs } from "../../support/embedded-postgres.ts";

/** As the gate does it, by its role: what was addressed to an organisation, and holds the text, is its no more. */
export async function closeTo(
  dataDir: string,
  text: string,
  organisation: number | undefined,
): Promise<void> {
  const writer = await connectAs(dataDir, "app_write_live");
  const { rowCount } = await writer.query(
    `INSERT INTO live.closed (rendition_id, organisation_id)
     SELECT id, $2 FROM live.rendition WHERE body LIKE '%' || $1 || '%'`,
    [text, organisation],
  );
  await writer.end();
  expect(rowCount).toBeGreaterThan(0);
}
