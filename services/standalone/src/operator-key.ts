import { issueOperatorKey } from "@suar/identity";
import { createLogger, openPlatform, startProcess, transaction, visitEmbedded } from "@suar/runtime";
import { readConfig } from "./config.ts";
import { openDatabase } from "./database.ts";

// Another operator key, for whoever has the database and its secret: the way in when no bootstrap file was
// written, and back in when the last key is lost. The platform may be serving meanwhile.
await startProcess(async () => {
  const config = readConfig();
  const log = createLogger("warn", "operator-key");
  const database = await openDatabase(config, log, visitEmbedded);
  const { url: databaseUrl, adminUrl, secret } = database;
  const platform = openPlatform({ config, log, databaseUrl, adminUrl, secret });
  try {
    const { key, expiresAt } = await transaction(
      platform.core,
      async (db) =>
        await issueOperatorKey(db, platform.secrets, { label: "operator key", actor: "operator-key" }),
    );
    process.stdout.write(`${key}\n`);
    process.stderr.write(explanation(expiresAt));
  } finally {
    await platform.close();
    await database.stop();
  }
});

function explanation(expiresAt: Date): string {
  return `
This is an operator's key, shown this once; it expires on ${expiresAt.toISOString().slice(0, 10)}. It reads no content.
It makes the first officer's key of a member, who issues all others:

  npx suar login --token-stdin --profile operator      (paste the key, then Ctrl-D)
  npx suar keys create --profile operator --for SG --roles officer --label "first officer"

Where a member has had an officer before, that key waits until an officer of another member runs
npx suar keys confirm ID.
`;
}
