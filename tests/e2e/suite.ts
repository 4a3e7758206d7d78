import { afterAll, beforeAll, vi } from "vitest";
import { caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { agencyCases } from "./cases/agencies.ts";
import { agreementCases } from "./cases/agreements.ts";
import { alertCases } from "./cases/alerts.ts";
import { approvalCases } from "./cases/approvals.ts";
import { contactCases } from "./cases/contacts.ts";
import { drillCases } from "./cases/drills.ts";
import { explainCases } from "./cases/explain.ts";
import { identityCases } from "./cases/identity.ts";
import { inboxCases } from "./cases/inbox.ts";
import { liveCases } from "./cases/live.ts";
import { lostRecallCases } from "./cases/lost-recalls.ts";
import { optionCases } from "./cases/options.ts";
import { originCases } from "./cases/origin.ts";
import { policyCases } from "./cases/policies.ts";
import { policyDiffCases } from "./cases/policy-diff.ts";
import { publicCases } from "./cases/public.ts";
import { readingCases } from "./cases/reading.ts";
import { recallCases } from "./cases/recalls.ts";
import { reevaluationCases } from "./cases/reevaluation.ts";
import { repeatCases } from "./cases/repeats.ts";
import { sourceCases } from "./cases/sources.ts";
import { submissionCases } from "./cases/submissions.ts";
import { taxiiCases } from "./cases/taxii.ts";
import { webhookCases } from "./cases/webhooks.ts";
import { withdrawalCases } from "./cases/withdrawal.ts";
import type { Scene } from "./scene.ts";

export type RunningPlatform = Pick<PlatformProcess, "url" | "key" | "operator" | "log" | "remove">;

/**
 * The platform as its members meet it, over HTTP, WebSocket, SSE and webhooks alone: one suite for every
 * engine. One platform serves all cases; each case has values of its own, and only the last group takes
 * members away.
 */
export function endToEndSuite(start: () => Promise<RunningPlatform>): void {
  vi.setConfig({ testTimeout: 60_000 }); // a busy machine is no failure
  let platform: RunningPlatform | undefined;
  const running = (): RunningPlatform => {
    if (platform === undefined) throw new Error("the platform is not running");
    return platform;
  };
  beforeAll(async () => {
    platform = await start();
  }, 180_000);
  afterAll(async () => {
    await platform?.remove();
  }, 60_000);

  const scene: Scene = {
    get url() {
      return running().url;
    },
    key: (member, role) => running().key(member, role),
    as: (member, role) => caller(running().url, running().key(member, role)),
    withKey: (key) => caller(running().url, key),
    operator: () => caller(running().url, running().operator),
  };
  submissionCases(scene);
  readingCases(scene);
  liveCases(scene);
  webhookCases(scene);
  withdrawalCases(scene);
  recallCases(scene);
  lostRecallCases(scene);
  optionCases(scene);
  publicCases(scene);
  reevaluationCases(scene);
  originCases(scene);
  sourceCases(scene);
  alertCases(scene);
  taxiiCases(scene);
  agencyCases(scene);
  agreementCases(scene);
  policyCases(scene);
  approvalCases(scene);
  explainCases(scene);
  policyDiffCases(scene);
  drillCases(scene);
  repeatCases(scene);
  inboxCases(scene);
  contactCases(scene);
  identityCases(scene);
}
