import { AppError } from "@suar/contract";
import type { FastifyInstance } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, register } from "prom-client";
import { isWithin } from "../network/network-list.ts";

/** Metrics of this process, for Prometheus at /metrics. Labels hold no content and no organisation. */
collectDefaultMetrics();

export const metrics = {
  requests: new Histogram({
    name: "suar_http_request_seconds",
    help: "Duration of HTTP requests",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  }),
  submissions: new Counter({
    name: "suar_submissions_total",
    help: "Submissions by how they ended",
    labelNames: ["realm", "state"],
  }),
  released: new Counter({
    name: "suar_released_total",
    help: "Object versions released",
    labelNames: ["realm"],
  }),
  logHead: new Gauge({ name: "suar_log_head", help: "Last seq of the log", labelNames: ["realm"] }),
  checkpointLag: new Histogram({
    name: "suar_checkpoint_lag_seconds",
    help: "From an entry's time to the checkpoint that covers it, of the oldest entry of each",
    labelNames: ["realm"],
    buckets: [0.5, 1, 1.5, 2, 3, 5, 10, 60],
  }),
  unwitnessed: new Gauge({
    name: "suar_checkpoint_unwitnessed_seconds",
    help: "Since enough members cosigned a checkpoint, as of the last one that they were asked for",
    labelNames: ["realm"],
  }),
  liveReaders: new Gauge({ name: "suar_live_readers", help: "Open live connections", labelNames: ["realm"] }),
  deliveries: new Counter({
    name: "suar_webhook_attempts_total",
    help: "Webhook attempts by outcome",
    labelNames: ["realm", "outcome"],
  }),
  reevaluated: new Counter({
    name: "suar_reevaluated_total",
    help: "Objects decided anew after a change, and of how many somebody lost or gained access",
    labelNames: ["realm", "outcome"],
  }),
  reevaluating: new Gauge({
    name: "suar_reevaluations_under_way",
    help: "Organisations whose releases are being decided anew",
    labelNames: ["realm"],
  }),
  reevaluationsStuck: new Gauge({
    name: "suar_reevaluations_stuck",
    help: "Organisations of which a page could not be decided anew, and is tried again",
    labelNames: ["realm"],
  }),
  unverifiedPolicies: new Gauge({
    name: "suar_policies_unverified",
    help: "Pairs that are closed, since what is said to be their signed policy does not verify",
  }),
  alerts: new Counter({ name: "suar_alerts_total", help: "Alerts raised", labelNames: ["realm"] }),
};

/** TLP:RED is in no count: neither how much of it there is, nor how often it is read. */
const UNCOUNTED = "/v1/inbox";

const LOOPBACK = ["127.0.0.0/8", "::1/128"];

/** Whether somebody runs the platform: asks from the machine itself, or from the networks given. */
export function isInside(networks: readonly string[], address: string): boolean {
  return isWithin([...LOOPBACK, ...networks], address);
}

/** They name realms, and tell how much there is of what: to nobody but the machine itself and the networks given. */
export function registerMetrics(app: FastifyInstance, networks: readonly string[]): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    if (route.startsWith(UNCOUNTED)) return;
    metrics.requests
      .labels(request.method, route, String(reply.statusCode))
      .observe(reply.elapsedTime / 1000);
  });
  app.get("/metrics", { schema: { hide: true } as never }, async (request, reply) => {
    if (!isInside(networks, request.ip)) throw new AppError("not-found");
    return reply.header("content-type", register.contentType).send(await register.metrics());
  });
}
