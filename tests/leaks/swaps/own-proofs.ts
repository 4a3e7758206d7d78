import { caller, until, wholeLog } from "../../support/api.ts";
import { connectAs } from "../../support/embedded-postgres.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { cosigned, newWitness, registerWitness, sizeOf } from "../../support/witnesses.ts";
import { OWNER, type Owned, type Thing } from "./kinds.ts";

/** Witnesses of the owner's, the one after the other, and what the second has cosigned and not handed in. */
export async function makeWitnesses(platform: PlatformProcess): Promise<Pick<Owned, "witness" | "cosigned">> {
  const [revoked, active] = [newWitness(platform, OWNER), newWitness(platform, OWNER)];
  for (const one of [revoked, active]) {
    const answer = await registerWitness(platform, one);
    if (answer.status !== 200) throw new Error(answer.text);
  }
  const note = await until(30_000, "a checkpoint for witnesses", async () => {
    const { status, text } = await active.api.get("/v1/tlog/checkpoint?for=witness");
    return status === 200 ? text : undefined;
  });
  return {
    witness: [
      { id: active.vkey, is: "active" },
      { id: revoked.vkey, is: "revoked" },
    ],
    cosigned: [{ id: Buffer.from(cosigned(note, active)).toString("base64url"), is: "one by its witness" }],
  };
}

/** Entries of what the owner stated to itself, of a withdrawal, and of what was sent to people; once they have receipts. */
export async function makeEntries(
  platform: PlatformProcess,
  objects: readonly Thing[],
): Promise<Pick<Owned, "entry" | "redEntry">> {
  const owner = caller(platform.url, platform.key(OWNER));
  const items = (await wholeLog(owner)) as { seq: number; kind: string; object: { id: string } }[];
  const of = (kind: string): string => {
    const found = items.find((one) => one.kind === kind && objects.some(({ id }) => id === one.object?.id));
    if (found === undefined) throw new Error(`no entry of ${kind}`);
    return String(found.seq);
  };
  await until(30_000, "a checkpoint of all", async () => {
    const { text } = await owner.get("/v1/tlog/checkpoint");
    return sizeOf(text) >= (items.at(-1)?.seq ?? 0) ? true : undefined;
  });
  return {
    entry: [
      { id: of("released"), is: "a strict indicator's" },
      { id: of("withdrawn"), is: "a withdrawal's" },
    ],
    redEntry: (await redEntries(platform)).map((id) => ({ id, is: "of TLP:RED" })),
  };
}

/** Nobody is told which these are. */
async function redEntries({ dataDir }: PlatformProcess): Promise<string[]> {
  const admin = await connectAs(dataDir, "postgres");
  try {
    const { rows } = await admin.query<{ seq: string }>(
      "SELECT seq::text FROM live.log JOIN live.inbox_item USING (rendition_id) ORDER BY log.seq LIMIT 2",
    );
    if (rows.length < 2) throw new Error("nothing of TLP:RED is in the log");
    return rows.map(({ seq }) => seq);
  } finally {
    await admin.end();
  }
}
