import { openApiDocument, type Platform, type Service } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { docsPage } from "./pages/docs.ts";
import { homePage } from "./pages/home.ts";
import { problemsPage } from "./pages/problems.ts";
import { signInPage } from "./pages/sign-in.ts";
import { STYLE } from "./pages/style.ts";
import { registerPolicyPages } from "./policy-pages.ts";

/** Console: pages for people, made on the server, without script. */
export function consoleService(): Service {
  return {
    name: "console",
    routes: async (app, platform) => {
      registerPages(app, platform);
      registerPolicyPages(app, platform);
      return undefined;
    },
  };
}

function registerPages(app: FastifyInstance, platform: Platform): void {
  const hidden = { schema: { hide: true } as never };
  const { json, docs } = whenAsked(platform.config.PUBLIC_URL ?? "/");
  app.get("/", hidden, async (_request, reply) => {
    const ready = await platform.ready().then(
      () => true,
      () => false,
    );
    return reply.type("text/html; charset=utf-8").send(
      homePage({
        ready,
        engine: platform.config.REDIS_URL === undefined ? "PostgreSQL" : "Redis",
        queueAway: platform.queue.away(),
      }),
    );
  });
  app.get("/docs", hidden, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(await docs()),
  );
  app.get("/openapi.json", hidden, async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(await json()),
  );
  app.get("/sign-in", hidden, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(signInPage()),
  );
  app.get("/problems", hidden, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(problemsPage()),
  );
  app.get("/problems/:code", hidden, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").send(problemsPage()),
  );
  app.get("/favicon.ico", hidden, async (_request, reply) => reply.code(204).send());
  app.get("/style.css", hidden, async (_request, reply) =>
    reply.type("text/css; charset=utf-8").header("cache-control", "max-age=3600").send(STYLE),
  );
}

/** Made once, when somebody first asks: it takes a second of work, which every start would wait for. */
function whenAsked(url: string) {
  let made: ReturnType<typeof openApiDocument> | undefined;
  let text: Promise<string> | undefined;
  let page: Promise<string> | undefined;
  const document = () => (made ??= openApiDocument(url));
  const json = () => (text ??= document().then((it) => JSON.stringify(it)));
  const docs = () => (page ??= document().then(docsPage));
  return { json, docs };
}
