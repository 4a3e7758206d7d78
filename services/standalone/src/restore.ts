import { checkpointDirectory } from "@suar/exchange";
import { publicNameOf, type Restored, restoreLog } from "@suar/log";
import {
  createLogger,
  openPlatform,
  type Platform,
  type Realm,
  startProcess,
  visitEmbedded,
} from "@suar/runtime";
import { readConfig, type StandaloneConfig } from "./config.ts";
import { openDatabase } from "./database.ts";

const NOTHING = "Nothing to restore: every log goes on from the checkpoint that was kept of it.\n";

// Lets the logs go on that were set back to a backup: each in an epoch of its own, under a new key. For whoever has the
// database and its secret, and the checkpoints that were kept. The platform may be serving meanwhile.
await startProcess(async () => {
  const config = readConfig();
  const log = createLogger("warn", "restore");
  const database = await openDatabase(config, log, visitEmbedded);
  const { url: databaseUrl, adminUrl, secret } = database;
  const platform = openPlatform({ config, log, databaseUrl, adminUrl, secret });
  try {
    const restored = await restoreAll(platform, config);
    process.stdout.write(restored.length > 0 ? restored.map(report).join("\n") : NOTHING);
    if (restored.length === 0) process.exitCode = 1;
  } finally {
    await platform.close();
    await database.stop();
  }
});

async function restoreAll(platform: Platform, config: StandaloneConfig): Promise<Restored[]> {
  const realms: Realm[] = [];
  const stop = await platform.realms.follow(async (realm) => {
    realms.push(realm);
    return async () => undefined;
  });
  const restored: Restored[] = [];
  for (const realm of realms) {
    const publicName = publicNameOf(config.PUBLIC_URL);
    const keepIn = checkpointDirectory(config);
    const done = await restoreLog({ realm, secrets: platform.secrets, publicName, keepIn });
    if (done !== undefined) restored.push(done);
  }
  await stop();
  return restored;
}

function report({ origin, vkey, afterSeq, why }: Restored): string {
  return `
The log was set back: ${why}.
It goes on after entry ${afterSeq} as ${origin}, under a new key:

  ${vkey}

Tell the members: what was logged later and is lost, they have receipts of, and have to be asked for. Their witness
policies need this key, as a log that continues the one before; GET /v1/tlog/witness-policy has both.
`;
}
