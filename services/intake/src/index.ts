/** Submissions and their normalization. Its tables: submission, submission_outcome, staged. */
export { intakeService } from "./app.ts";
export { IntakeConfig } from "./config.ts";
