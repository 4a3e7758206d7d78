import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { resay, wordsOf } from "../entry/stated.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { noteVictims } from "../store/victim-holder.ts";

/** What is a victim's once stays so: whatever becomes of what says it, nothing that is out is revealed. */
export async function noteAsVictims(
  db: Queryable,
  { gate, producer }: Pick<ReleaseContext, "gate" | "producer">,
  versions: readonly KnownVersion[],
): Promise<void> {
  const rows = versions.flatMap((version) => {
    if (version.is_victims) return [];
    const said = resay(gate, producer.id, version, { ...wordsOf(version), isVictims: true });
    return [{ stixId: version.stix_id, version: version.version, ...said }];
  });
  if (rows.length > 0) await noteVictims(db, producer.id, rows);
}
