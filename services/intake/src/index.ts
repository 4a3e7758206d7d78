/**
 * Submissions, sources and their normalization. Its tables: submission, submission_outcome, staged, source,
 * source_event.
 *
 * Its folders follow the road: submission (what is sent and how it is asked for), normalize (bytes become objects),
 * stage (all of them in the database, nothing out yet), plan (markings and who is named), release (in their order, by
 * the gate); dry-run goes the same road and writes nothing, pull fetches from sources. `jobs/` and `routes/` call these.
 */
export { intakeService } from "./app.ts";
export { IntakeConfig } from "./config.ts";
