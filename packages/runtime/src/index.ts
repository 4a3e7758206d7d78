/**
 * What every process of the platform stands on: configuration, logs, the HTTP base, PostgreSQL (embedded or
 * given), realms, migrations, the queue, signals, credentials, shutdown.
 *
 * Invariants
 * - It is handed its configuration; it reads no environment.
 * - Which engine runs (PostgreSQL or Redis) is decided in `wake/` (queue.ts, signals.ts), and nowhere else.
 * - State lives in PostgreSQL: losing the queue or a signal loses nothing.
 * - A request path reads what others sent through `Realm.readAs` only, under row-level security. What is the caller's own
 *   (stated, submitted, asked of it) is read as the writing role, by statements that name the caller's organisation.
 *
 * Its folders: config; process (how one begins, runs and ends), http, database; wake (what tells workers that there is
 * work), keys (secrets, and who a caller is), people, network (where it may connect to), policies, warnings.
 *
 * It knows nothing of STIX or releases, of policy only where its files lie and which of it its members signed
 * (`policies/policy-trust.ts`), and imports neither log, gate nor services.
 */

export * from "./config/config.ts";
export { seedLifecycle } from "./config/lifecycle.ts";
export {
  bigintColumn,
  byteaColumn,
  sparseBigintColumn,
  sparseTextColumn,
  textColumn,
} from "./database/columns.ts";
export { type EmbeddedDatabase, startEmbedded, visitEmbedded } from "./database/embedded.ts";
export { DataDirectoryError, makeDataDirectory } from "./database/embedded-cluster.ts";
export { type AdminAccess, createRealm, dropRealm, migratePlatform } from "./database/migrate.ts";
export { isConnectionLost, type Pool, type PoolClient, type Queryable, sqlStateOf } from "./database/pool.ts";
export type { Realm } from "./database/realm.ts";
export type { OpenRealms } from "./database/realms.ts";
export { transaction } from "./database/transaction.ts";
export { tellErrorsBelow } from "./http/errors-below.ts";
export * from "./http/handle.ts";
export { metrics } from "./http/metrics.ts";
export { openApiDocument } from "./http/openapi.ts";
export { describe as describeProblem, PROBLEM_TYPE, placesOf, sendProblem } from "./http/problems.ts";
export * from "./http/raw-body.ts";
export * from "./keys/authenticator.ts";
export * from "./keys/credentials.ts";
export type { Keystream, Mac, Tag, WideMac } from "./keys/mac.ts";
export { createSecrets, type Secrets, sameBytes } from "./keys/secrets.ts";
export { type AddressGuard, AddressRefused, createAddressGuard } from "./network/address-guard.ts";
export { guardedAgent } from "./network/guarded-agent.ts";
export { networkList } from "./network/network-list.ts";
export * from "./people/activity.ts";
export { type Contact, requireSession, type SignedInCaller } from "./people/contacts.ts";
export { createDirectory, type Directory, type DirectoryEntry, type Sector } from "./people/directory.ts";
export { sealGroup } from "./people/recipient-groups.ts";
export { directoryOf, takesPart } from "./people/takes-part.ts";
export { isClosing, waitForClosing } from "./policies/closing.ts";
export type { UnverifiedPolicy } from "./policies/judge-evidence.ts";
export { seedGuide, seedPolicies } from "./policies/policies.ts";
export type { PolicyTrust } from "./policies/policy-trust.ts";
export { readStanding, readWholeStanding, type Standing, type WholeStanding } from "./policies/standing.ts";
export { createLogger, type Logger } from "./process/logger.ts";
export * from "./process/main.ts";
export * from "./process/platform.ts";
export * from "./process/service.ts";
export { Slices } from "./process/slices.ts";
export * from "./wake/loop.ts";
export { createQueue, handleJob, type JobQueue } from "./wake/queue.ts";
export type { JobHandler, QueueWorker } from "./wake/running-worker.ts";
export { CLOSED, channels, type Signals } from "./wake/signals.ts";
export {
  isSealed,
  packEntries,
  readEntries,
  type StoredList,
  sealList,
  selectActiveLists,
  selectMembersDomains,
} from "./warnings/stored-list.ts";
export { MEMBERS_DOMAINS, ownListsOf, type Warnings } from "./warnings/warnings.ts";
