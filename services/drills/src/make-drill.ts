import { randomBytes, randomUUID } from "node:crypto";
import { AppError, actorOf } from "@suar/contract";
import {
  appendEvent,
  channels,
  createRealm,
  dropRealm,
  issueKey,
  type OrganisationCaller,
  type Platform,
  type PoolClient,
  transaction,
} from "@suar/runtime";
import { checkScenario, type Problem, parseScenario, type Scenario } from "@suar/scenario";
import { countRealms, insertRealm, insertRun } from "./store/drill-run.ts";

/** At most eight realms run at once, `live` among them (DESIGN 1.7). */
const MOST_REALMS = 8;
const KEY_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;

export type MadeDrill = {
  id: string;
  keys: Record<string, { analyst: string; subscriber: string }>;
  warnings: string[];
};

/** Checks the scenario, then makes a realm with its own schema, roles, log and credentials. */
export async function makeDrill(
  platform: Platform,
  caller: OrganisationCaller,
  request: { scenario: string; speed: number | undefined; replayOf: string | null },
): Promise<MadeDrill> {
  const { scenario, warnings } = readScenario(request.scenario);
  for (const code of Object.keys(scenario.participants)) {
    if ((await platform.directory.byCode(code))?.active !== true)
      throw new AppError("unknown-member", `participants: there is no ${code}`);
  }
  if ((await countRealms(platform.core)) >= MOST_REALMS)
    throw new AppError(
      "realm-limit",
      `At most ${MOST_REALMS - 1} drills at once; archive one that has ended`,
    );
  const id = randomUUID();
  const realm = `d${randomBytes(5).toString("hex")}`;
  const access = { adminUrl: platform.adminUrl, secrets: platform.secrets, log: platform.log };
  await createRealm(access, realm);
  try {
    const keys = await transaction(platform.core, async (db) => {
      await insertRealm(db, realm);
      const speed = request.speed ?? scenario.clock.speed;
      const run = {
        id,
        realm,
        organisation_id: caller.organisation.id,
        scenario: request.scenario,
        speed,
        replay_of: request.replayOf,
        created_by: actorOf(caller),
      };
      await insertRun(
        db,
        run,
        scenario.injects.map((inject) => inject.id),
      );
      await appendEvent(db, {
        type: "drill-made.v1",
        actor: actorOf(caller),
        subject: id,
        fields: { realm },
      });
      return await issuePlayersKeys(db, platform, realm, Object.keys(scenario.participants));
    });
    platform.signals.send(channels.realms);
    return { id, keys, warnings };
  } catch (error) {
    await dropRealm(access, realm);
    throw error;
  }
}

/** Keys of the drill's realm alone: each participant's analyst and subscriber. */
async function issuePlayersKeys(
  db: PoolClient,
  platform: Platform,
  realm: string,
  members: readonly string[],
) {
  const keys: MadeDrill["keys"] = {};
  const expiresAt = new Date(Date.now() + KEY_DAYS * DAY_MS);
  for (const code of members) {
    const organisation = await platform.directory.byCode(code);
    if (organisation === undefined) throw new AppError("unknown-member", `participants: there is no ${code}`);
    const issue = async (role: "analyst" | "subscriber"): Promise<string> => {
      const label = `drill ${realm}: ${role}`;
      const { key } = await issueKey(db, platform.secrets, {
        realm,
        organisationId: organisation.id,
        roles: [role],
        label,
        expiresAt,
      });
      return key;
    };
    keys[code] = { analyst: await issue("analyst"), subscriber: await issue("subscriber") };
  }
  return keys;
}

/** Throws `bad-scenario` with every problem and its line. */
function readScenario(text: string): { scenario: Scenario; warnings: string[] } {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw refuse(parsed.problems);
  const found = checkScenario(parsed.scenario).map((problem): Problem => {
    const line = problem.line ?? parsed.lineOf(problem.path);
    return line === undefined ? problem : { ...problem, line };
  });
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw refuse(errors);
  return { scenario: parsed.scenario, warnings: found.map(sentence) };
}

function refuse(problems: readonly Problem[]): AppError {
  const errors = problems.map((problem) => ({
    path: `/${problem.path.join("/")}`,
    code: problem.code,
    message: sentence(problem),
  }));
  return new AppError("bad-scenario", errors[0]?.message, { errors });
}

function sentence({ line, message }: Problem): string {
  return line === undefined ? message : `line ${line}: ${message}`;
}
