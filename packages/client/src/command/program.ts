import { Command } from "commander";
import { addContactCommands } from "./people/contacts.ts";
import { addKeyCommands } from "./people/keys.ts";
import { addLogin } from "./people/login.ts";
import { addMemberCommands } from "./people/members.ts";
import { addAgreementCommands } from "./policy/agreements.ts";
import { addApprovalCommands } from "./policy/approvals.ts";
import { addClosing } from "./policy/closing.ts";
import { addPolicyCommands } from "./policy/policy.ts";
import { addPolicyKeyCommands } from "./policy/policy-key.ts";
import { addDeliveryCommands } from "./report/deliveries.ts";
import { addExplain } from "./report/explain.ts";
import { addMarking } from "./report/marking.ts";
import { addPull } from "./report/pull.ts";
import { addRecallCommands } from "./report/recalls.ts";
import { addSight } from "./report/sight.ts";
import { addSourceCommands } from "./report/sources.ts";
import { addStixCommands } from "./report/stix.ts";
import { addSubmit } from "./report/submit.ts";
import { addAdvisoryCommands } from "./respond/advisory.ts";
import { addAlertCommands } from "./respond/alerts.ts";
import { addDrillCommands } from "./respond/drill.ts";
import { EXIT_HELP } from "./shell/exit-codes.ts";
import { addVerifyCommands } from "./verify/verify.ts";
import { addExportCommands } from "./watch/export.ts";
import { addInboxCommands } from "./watch/inbox.ts";
import { addPublicCommands } from "./watch/public.ts";
import { addReadingCommands } from "./watch/reading.ts";
import { addStatus } from "./watch/status.ts";
import { addWarningListCommands } from "./watch/warning-lists.ts";
import { addWatch } from "./watch/watch.ts";
import { addWebhookCommands } from "./watch/webhook.ts";
import { addWitnessCommands } from "./witness/witness.ts";

/** The table of contents of the `suar` command. */
export function buildProgram(): Command {
  const program = new Command("suar")
    .description(
      "Suar: the national CERTs of China and ASEAN share threat information and answer emergencies together",
    )
    .version("0.1.0")
    .option("--url <url>", "the platform's address (or SUAR_URL)")
    .option("--key <key>", "the key to use; better SUAR_KEY or a profile, since others see command lines")
    .option("--profile <name>", "which sign-in to use (or SUAR_PROFILE)")
    .option("--json", "print data as JSON, lists of unknown length one value a line")
    .option("--quiet", "print data and errors only")
    .exitOverride()
    .showHelpAfterError("(suar --help tells more)")
    .addHelpText(
      "after",
      `
First steps:
  $ suar login --as SG:analyst          with the keys that the first start of the platform wrote
  $ suar submit report.json --tlp green
  $ suar watch --after 0

Data goes to stdout, progress to stderr. NO_COLOR is respected.

${EXIT_HELP}`,
    );
  addLogin(program);
  addStatus(program);
  addSubmit(program);
  addSight(program);
  addPull(program);
  addSourceCommands(program);
  addWatch(program);
  addReadingCommands(program);
  addMarking(program);
  addPublicCommands(program);
  addExportCommands(program);
  addWarningListCommands(program);
  addExplain(program);
  addInboxCommands(program);
  addContactCommands(program);
  addRecallCommands(program);
  addDeliveryCommands(program);
  addAlertCommands(program);
  addAdvisoryCommands(program);
  addWebhookCommands(program);
  addDrillCommands(program);
  addKeyCommands(program);
  addMemberCommands(program);
  addApprovalCommands(program);
  addAgreementCommands(program);
  addPolicyCommands(program);
  addPolicyKeyCommands(program);
  addClosing(program);
  addStixCommands(program);
  addVerifyCommands(program);
  addWitnessCommands(program);
  return program;
}
