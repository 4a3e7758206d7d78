import { Command } from "commander";
import { addAdvisoryCommands } from "./commands/advisory.ts";
import { addAgreementCommands } from "./commands/agreements.ts";
import { addAlertCommands } from "./commands/alerts.ts";
import { addApprovalCommands } from "./commands/approvals.ts";
import { addClosing } from "./commands/closing.ts";
import { addContactCommands } from "./commands/contacts.ts";
import { addDrillCommands } from "./commands/drill.ts";
import { addExplain } from "./commands/explain.ts";
import { addInboxCommands } from "./commands/inbox.ts";
import { addKeyCommands } from "./commands/keys.ts";
import { addLogin } from "./commands/login.ts";
import { addMarking } from "./commands/marking.ts";
import { addMemberCommands } from "./commands/members.ts";
import { addPolicyCommands } from "./commands/policy.ts";
import { addPolicyKeyCommands } from "./commands/policy-key.ts";
import { addPublicCommands } from "./commands/public.ts";
import { addPull } from "./commands/pull.ts";
import { addReadingCommands } from "./commands/reading.ts";
import { addRecallCommands } from "./commands/recalls.ts";
import { addSourceCommands } from "./commands/sources.ts";
import { addStatus } from "./commands/status.ts";
import { addStixCommands } from "./commands/stix.ts";
import { addSubmit } from "./commands/submit.ts";
import { addVerifyCommands } from "./commands/verify.ts";
import { addWatch } from "./commands/watch.ts";
import { addWebhookCommands } from "./commands/webhook.ts";
import { addWitnessCommands } from "./commands/witness.ts";
import { EXIT_HELP } from "./exit-codes.ts";

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
  addPull(program);
  addSourceCommands(program);
  addWatch(program);
  addReadingCommands(program);
  addMarking(program);
  addPublicCommands(program);
  addExplain(program);
  addInboxCommands(program);
  addContactCommands(program);
  addRecallCommands(program);
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
