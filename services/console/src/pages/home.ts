import { layout } from "./layout.ts";

/** `/`: is it up, where to read on, and the next three commands. */
export function homePage(state: { ready: boolean; engine: string; queueAway?: boolean }): string {
  const word = state.ready ? "serving" : "waiting for its database";
  const queue = state.queueAway
    ? `${state.engine}, which is away: reports are taken in, and done more slowly until it is back`
    : state.engine;
  return layout(
    "Suar",
    `<h1>Suar</h1>
<p>National CERTs share threat information and answer emergencies together.</p>
<p>State: <span class="state">${word}</span>. Queue and signals run on ${queue}.
<a href="/docs">API documentation</a>, <a href="/openapi.json">OpenAPI 3.1</a>.</p>
<h2>The next three commands</h2>
<pre>npx suar login --as SG:analyst
npx suar submit seeds/reports/misp-event.json --tlp green
npx suar watch --after 0</pre>
<p>The first signs in with a key of <code>bootstrap.json</code> in <code>.suar/</code> (of another data directory: <code>--bootstrap PATH</code>; with a key from an officer: <code>login --token-stdin</code>), the second submits a report, the third shows what was released to you.</p>`,
  );
}
