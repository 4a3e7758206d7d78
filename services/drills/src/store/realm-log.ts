import type { Queryable } from "@suar/runtime";

export type DeliveryRow = {
  seq: number;
  at: Date;
  kind: string;
  producer: number;
  type: string;
  stix_id: string;
  tlp: string;
  audience: number[];
};

/** Who was addressed with what in a drill's realm: for its coordinator, without bodies. */
export async function selectDeliveries(db: Queryable, after: number, limit: number): Promise<DeliveryRow[]> {
  const { rows } = await db.query<DeliveryRow>(
    `SELECT l.seq, l.logged_at AS at, l.kind, r.producer, r.type, r.stix_id, r.tlp,
            (SELECT array_agg(organisation_id ORDER BY organisation_id) FROM audience_organisation a WHERE a.audience_id = l.audience_id) AS audience
       FROM log l JOIN rendition r ON r.id = l.rendition_id WHERE l.seq > $1 ORDER BY l.seq LIMIT $2`,
    [after, limit],
  );
  return rows;
}

export type ActivityRow = { type: string; at: Date; fields: Record<string, unknown> };

/** What players did, for triggers: the ordinary activity log of the realm. */
export async function selectActivity(db: Queryable): Promise<ActivityRow[]> {
  return (await db.query<ActivityRow>("SELECT type, at, fields FROM activity ORDER BY id LIMIT 10000")).rows;
}
