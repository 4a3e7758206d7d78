/** Drill runs: realms of their own, and the clock that plays them. Its tables: realm, drill_run, drill_inject. */
export { drillsService } from "./app.ts";
