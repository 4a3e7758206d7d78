import type { MarkingChange } from "@suar/gate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { taxiiCaller } from "../e2e/taxii-caller.ts";
import { openLive } from "../support/live.ts";
import { seededChance } from "../support/seeded-random.ts";
import { COLLECTION, POLICIES, Story } from "./following-story.ts";
import { type GateScene, openGateScene } from "./gate-scene.ts";

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

describe("whoever goes on from where it was holds what it may hold", () => {
  const told = async (word: string, ...steps: ((story: Story) => Promise<void>)[]): Promise<Story> => {
    const story = new Story(scene, word);
    await story.state();
    await story.taxii.poll();
    for (const step of steps) {
      await step(story);
      await story.taxii.poll();
    }
    await story.expectTrue();
    return story;
  };
  const held = ({ taxii, tool }: Story) => taxii.held.get(tool.id);

  test("by TAXII what was lost is revoked, and comes again where it is given back", async () => {
    const lost = await told("goosander", (story) => story.decided("shut"));
    expect(held(lost)).toMatchObject({ revoked: true });
    const back = await told(
      "smew",
      (story) => story.decided("shut"),
      (story) => story.decided("open"),
    );
    expect(held(back)).toMatchObject({ name: "smew tool 1" });
    expect(held(back).revoked).toBeUndefined();
    const again = await told(
      "garganey",
      (story) => story.decided("shut"),
      (story) => story.decided("open"),
      (story) => story.decided("shut"),
    );
    expect(held(again)).toMatchObject({ revoked: true });
  });

  test("by TAXII what was closed before anybody was told comes again where it is kept after all", async () => {
    const story = new Story(scene, "gadwall");
    await story.state();
    await story.closed("shut");
    await story.taxii.poll();
    expect(held(story)).toBeUndefined();
    await story.decided("open");
    await story.expectTrue();
    expect(held(story)).toMatchObject({ name: "gadwall tool 1" });
  });

  test("by TAXII nothing comes twice to who never lost it", async () => {
    const story = new Story(scene, "shoveler");
    await story.state();
    await story.marked(story.tool, { to: null });
    await story.others();
    const taxii = taxiiCaller(scene.platform.url, scene.platform.key("TH", "subscriber"));
    const dates = async () => {
      const { objects } = await taxii.all(
        `${COLLECTION}manifest/?match[id]=${story.tool.id},${story.name.id}`,
      );
      return objects.map(({ id, date_added: at }) => [id, at]);
    };
    const before = await dates();
    expect(before).toHaveLength(2);
    await story.decided("shut");
    await story.decided("open");
    await story.closed("shut");
    await story.decided("open");
    expect(await dates()).toEqual(before);
  });

  test.each(["nothing late", "shut"])(
    "an older version is told again where the newer one is lost (closed by %s)",
    async (policies) => {
      const story = await told(
        `pintail-${policies.replace(" ", "-")}`,
        (one) => one.newer(),
        (one) => one.log.poll(),
        (one) => one.closed(policies),
        (one) => one.decided("nothing late"),
      );
      expect(held(story).name).toMatch(/ 1$/);
      expect(held(story).revoked).toBeUndefined();
      await story.decided("shut");
      await story.expectTrue();
      expect(held(story)).toMatchObject({ revoked: true });
    },
  );

  test("after sequences of everything that takes away and gives", async () => {
    const chance = seededChance();
    const among = <One>(all: readonly One[]): One => all[Math.floor(chance.next() * all.length)] as One;
    const runs = Number(process.env.SUAR_STORIES ?? 6);
    for (let run = 0; run < runs; run++) {
      const story = new Story(scene, `merganser ${chance.seed} ${run}`.replaceAll(" ", "-"));
      story.steps.push(`seed ${chance.seed} run ${run}`);
      const live = await openLive(scene.platform.url, scene.platform.key("MY", "subscriber"), {
        after: "latest",
      });
      await live.waitFor("the subscription", (messages) => messages.some(({ op }) => op === "subscribed"));
      await story.step("stated", async () => await story.state());
      const policies = () => among(Object.keys(POLICIES));
      const objects = () => among([story.tool, story.tool, story.report, story.name]);
      const told = (): MarkingChange =>
        among([
          { to: ["TH"] },
          { to: ["MY", "TH"] },
          { to: null },
          { tlp: "amber", to: ["MY"] },
          { tlp: "green" },
        ]);
      const steps = [
        () => {
          const p = policies();
          return story.step(`closed by ${p}`, () => story.closed(p));
        },
        () => {
          const p = policies();
          return story.step(`closed by ${p}`, () => story.closed(p));
        },
        () => {
          const p = policies();
          return story.step(`decided by ${p}`, () => story.decided(p));
        },
        () => {
          const p = policies();
          return story.step(`decided by ${p}`, () => story.decided(p));
        },
        () => story.step("newer", () => story.newer()),
        () => {
          const [o, c] = [objects(), told()];
          return story.step(`${o.type} marked ${JSON.stringify(c)}`, () => story.marked(o, c));
        },
        () => {
          const [o, c] = [objects(), told()];
          return story.step(`${o.type} marked ${JSON.stringify(c)}`, () => story.marked(o, c));
        },
        () => story.step("by others", () => story.others()),
        () => story.step("recalled by others", () => story.recalled(story.tool, "TH")),
        () => {
          const o = objects();
          return story.step(`${o.type} recalled`, () => story.recalled(o));
        },
        () => story.step("stated again", () => story.state()),
      ];
      const count = 2 + Math.floor(chance.next() * 7);
      for (let n = 0; n < count; n++) {
        await among(steps)();
        if (chance.next() < 0.5)
          await story.step("polled", () => story.taxii.poll(among([1, 2, 100]), among([1, 3, 100])));
        if (chance.next() < 0.3) await story.step("pulled", () => story.log.poll());
      }
      await story.expectTrue(live);
      live.close();
    }
  });
});
