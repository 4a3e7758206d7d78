import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { agencyCases } from "./cases/agencies.ts";
import { agreementCases } from "./cases/agreements.ts";
import { alertCases } from "./cases/alerts.ts";
import { approvalCases } from "./cases/approvals.ts";
import { approverCases } from "./cases/approvers.ts";
import { contactCases } from "./cases/contacts.ts";
import { deliveryReceiptCases } from "./cases/delivery-receipts.ts";
import { drillCases } from "./cases/drills.ts";
import { explainCases } from "./cases/explain.ts";
import { formatCases } from "./cases/formats.ts";
import { identityCases } from "./cases/identity.ts";
import { inboxCases } from "./cases/inbox.ts";
import { inboxEndCases } from "./cases/inbox-ends.ts";
import { inboxTakingBackCases } from "./cases/inbox-taking-back.ts";
import { liveCases } from "./cases/live.ts";
import { lostRecallCases } from "./cases/lost-recalls.ts";
import { optionCases } from "./cases/options.ts";
import { originCases } from "./cases/origin.ts";
import { ownPlatformCases } from "./cases/own-platform.ts";
import { policyCases } from "./cases/policies.ts";
import { policyDiffCases } from "./cases/policy-diff.ts";
import { publicCases } from "./cases/public.ts";
import { pulledFeedCases } from "./cases/pulled-feeds.ts";
import { pulledFileCases } from "./cases/pulled-files.ts";
import { readingCases } from "./cases/reading.ts";
import { recallCases } from "./cases/recalls.ts";
import { reevaluationCases } from "./cases/reevaluation.ts";
import { repeatCases } from "./cases/repeats.ts";
import { sourceFailureCases } from "./cases/source-failures.ts";
import { sourceCases } from "./cases/sources.ts";
import { submissionCases } from "./cases/submissions.ts";
import { taxiiCases } from "./cases/taxii.ts";
import { taxiiVersionCases } from "./cases/taxii-versions.ts";
import { versionCases } from "./cases/versions.ts";
import { victimCases } from "./cases/victims.ts";
import { webhookCases } from "./cases/webhooks.ts";
import { withdrawalCases } from "./cases/withdrawal.ts";
import type { Scene } from "./scene.ts";

export type RunningPlatform = Pick<PlatformProcess, "url" | "key" | "operator" | "log" | "remove">;

/**
 * The platform as its members meet it, over HTTP, WebSocket, SSE and webhooks alone: one suite for every
 * engine, in parts that run beside one another, each on a platform of its own. Within a part one platform serves
 * all cases, one after the other; each case has values of its own, and only the last group takes members away.
 */
const PARTS: Record<"reports" | "sources" | "rules", (scene: Scene) => void> = {
  reports: (scene) => {
    formatCases(scene);
    submissionCases(scene);
    versionCases(scene);
    readingCases(scene);
    liveCases(scene);
    webhookCases(scene);
    withdrawalCases(scene);
    victimCases(scene);
    deliveryReceiptCases(scene);
    recallCases(scene);
    lostRecallCases(scene);
    publicCases(scene);
    repeatCases(scene);
    inboxCases(scene);
    inboxEndCases(scene);
    inboxTakingBackCases(scene);
  },
  sources: (scene) => {
    optionCases(scene);
    originCases(scene);
    sourceCases(scene);
    sourceFailureCases(scene);
    ownPlatformCases(scene);
    pulledFeedCases(scene);
    pulledFileCases(scene);
    alertCases(scene);
    taxiiCases(scene);
    taxiiVersionCases(scene);
  },
  rules: (scene) => {
    reevaluationCases(scene);
    agencyCases(scene);
    agreementCases(scene);
    policyCases(scene);
    approvalCases(scene);
    approverCases(scene);
    explainCases(scene);
    policyDiffCases(scene);
    drillCases(scene);
    contactCases(scene);
    identityCases(scene);
  },
};

/** Runs a part of the suite on a platform that is started for it. */
export function endToEndSuite(part: keyof typeof PARTS, start: () => Promise<RunningPlatform>): void {
  vi.setConfig({ testTimeout: 180_000 }); // a busy machine is no failure
  let platform: RunningPlatform | undefined;
  const running = (): RunningPlatform => {
    if (platform === undefined) throw new Error("the platform is not running");
    return platform;
  };
  beforeAll(async () => {
    platform = await start();
  }, 900_000);
  afterAll(async () => {
    await platform?.remove();
  }, 120_000);

  const scene: Scene = {
    get url() {
      return running().url;
    },
    key: (member, role) => running().key(member, role),
    as: (member, role) => caller(running().url, running().key(member, role)),
    withKey: (key) => caller(running().url, key),
    operator: () => caller(running().url, running().operator),
  };
  afterEach(({ task }) => {
    if (task.result?.state === "fail")
      console.log(`${task.name}; the platform said last:\n${running().log().slice(-4_000)}`);
  });
  PARTS[part](scene);
}
