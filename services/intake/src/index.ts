/** Submissions, sources and their normalization. Its tables: submission, submission_outcome, staged, source. */
export { intakeService } from "./app.ts";
export { IntakeConfig } from "./config.ts";
