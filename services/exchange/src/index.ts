/** The pen, and reading by pull: log, objects, search. It writes the log (through packages/log) and nothing else. */
export { exchangeService } from "./app.ts";
