import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Of one run of tests: whoever needs a platform first makes its data there (`ready-data.ts`), of today's sources. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "suar ready "));
  process.env.SUAR_TEST_READY = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
