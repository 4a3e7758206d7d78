import { type Logger, pino } from "pino";

export type { Logger };

const HIDDEN = ["authorization", "cookie", "key", "secret", "token", "ticket", "password", "body", "object"];

/** JSON logs on standard error, without secrets and without content. */
export function createLogger(level: string, name: string): Logger {
  return pino(
    {
      level,
      name,
      base: { name },
      redact: {
        paths: HIDDEN.flatMap((field) => [field, `*.${field}`, `req.headers.${field}`]),
        censor: "[hidden]",
      },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: false }),
  );
}
