import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";

const Command = z.array(z.string()).min(1);
const Condition = z.enum(["service_started", "service_healthy", "service_completed_successfully"]);

/** A service of `docker-compose.yml`, as far as a start without containers needs it. */
export const ComposeService = z.looseObject({
  image: z.string().optional(),
  command: Command.optional(),
  entrypoint: Command.optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: Condition })).default({}),
  deploy: z.object({ replicas: z.int().positive() }).default({ replicas: 1 }),
  healthcheck: z
    .looseObject({
      test: z.tuple([z.literal("CMD"), z.string()]).rest(z.string()),
      start_interval: z.string().default("5s"),
    })
    .optional(),
  stop_grace_period: z.string().default("10s"),
});
export type ComposeService = z.infer<typeof ComposeService>;
export type ComposeServices = Record<string, ComposeService>;

/** Reads a compose file with these variables; throws where a needed one is missing, in the file's own words. */
export function readComposeFile(path: string, variables: Readonly<Record<string, string>>): ComposeServices {
  const file = parse(readFileSync(path, "utf8"), { merge: true }) as { services: unknown };
  const services = z.record(z.string(), ComposeService).parse(interpolateAll(file.services, variables));
  checkDependencies(services);
  return services;
}

function interpolateAll(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => interpolateAll(item, variables));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolateAll(item, variables)]),
  );
}

const VARIABLE = /\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-?])([^}]*))?\})/g;

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?message}`, as the Compose specification has them. */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(
    VARIABLE,
    (whole, bare?: string, braced?: string, operator?: string, operand?: string) => {
      const name = bare ?? braced;
      if (name === undefined) return whole === "$$" ? "$" : whole;
      const value = variables[name];
      const isMissing = value === undefined || (operator?.startsWith(":") === true && value === "");
      if (!isMissing) return value;
      if (operator?.endsWith("?") === true)
        throw new Error(`required variable ${name} is missing a value: ${operand}`);
      return operand ?? "";
    },
  );
}

/** A dependency that is not there, or a circle of them, would wait forever. */
function checkDependencies(services: ComposeServices): void {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) throw new Error(`services wait for each other: ${[...path, name].join(" → ")}`);
    const service = services[name];
    if (service === undefined) throw new Error(`${path.at(-1)} waits for ${name}, which there is not`);
    for (const dependency of Object.keys(service.depends_on)) visit(dependency, [...path, name]);
    done.add(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
}
