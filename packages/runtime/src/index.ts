/**
 * What every process of the platform stands on: configuration, logs, the HTTP base, PostgreSQL (embedded or
 * given), realms, migrations, the queue, signals, credentials, shutdown.
 *
 * Invariants
 * - It is handed its configuration; it reads no environment.
 * - Which engine runs (PostgreSQL or Redis) is decided in queue.ts and signals.ts, and nowhere else.
 * - State lives in PostgreSQL: losing the queue or a signal loses nothing.
 * - A request path reads content through `Realm.readAs` only, under row-level security.
 *
 * It knows nothing of STIX or releases, of policy only where its files lie and which of it its members signed
 * (`policy-trust.ts`), and imports neither log, gate nor services.
 */
export * from "./activity.ts";
export { type AddressGuard, AddressRefused, createAddressGuard } from "./address-guard.ts";
export * from "./authenticator.ts";
export * from "./config.ts";
export { type Contact, requireSession, type SignedInCaller } from "./contacts.ts";
export * from "./credentials.ts";
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
export { isConnectionLost, type Pool, type PoolClient, type Queryable } from "./database/pool.ts";
export type { Realm } from "./database/realm.ts";
export { transaction } from "./database/transaction.ts";
export { createDirectory, type Directory, type DirectoryEntry, type Sector } from "./directory.ts";
export { guardedAgent } from "./guarded-agent.ts";
export { tellErrorsBelow } from "./http/errors-below.ts";
export * from "./http/handle.ts";
export { metrics } from "./http/metrics.ts";
export { openApiDocument } from "./http/openapi.ts";
export { describe as describeProblem, PROBLEM_TYPE, placesOf, sendProblem } from "./http/problems.ts";
export * from "./http/raw-body.ts";
export type { UnverifiedPolicy } from "./judge-evidence.ts";
export { createLogger, type Logger } from "./logger.ts";
export * from "./loop.ts";
export type { Mac } from "./mac.ts";
export * from "./main.ts";
export { networkList } from "./network-list.ts";
export * from "./platform.ts";
export { seedGuide, seedPolicies } from "./policies.ts";
export type { PolicyTrust } from "./policy-trust.ts";
export { createQueue, handleJob, type JobHandler, type JobQueue, type QueueWorker } from "./queue.ts";
export type { OpenRealms } from "./realms.ts";
export { sealGroup } from "./recipient-groups.ts";
export { createSecrets, type Secrets, sameBytes } from "./secrets.ts";
export * from "./service.ts";
export { CLOSED, channels, type Signals } from "./signals.ts";
export { Slices } from "./slices.ts";
export { readStanding, readWholeStanding, type Standing, type WholeStanding } from "./standing.ts";
