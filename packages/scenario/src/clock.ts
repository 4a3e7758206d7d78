/**
 * From `wallMs` on, scenario time starts at `scenarioMs` and passes `speed` times as fast as wall time; zero
 * is a pause. A clock is a list of segments in the order in which they began; the last one is open.
 */
export type ClockSegment = { readonly scenarioMs: number; readonly wallMs: number; readonly speed: number };
type Clock = readonly ClockSegment[];

export function startAt(wallMs: number, speed: number, scenarioMs = 0): ClockSegment[] {
  return [{ scenarioMs, wallMs, speed: requireSpeed(speed) }];
}

/** Scenario time at a moment of wall time. Before the start it stands at the start. */
export function scenarioTimeAt(segments: Clock, wallMs: number): number {
  const segment = segments.findLast((each) => each.wallMs <= wallMs) ?? segments[0];
  if (!segment) return 0;
  return segment.scenarioMs + Math.max(0, wallMs - segment.wallMs) * segment.speed;
}

/**
 * When the scenario reaches, or first reached, this scenario time. `undefined` where the clock has not started,
 * or stands still before it.
 */
export function wallTimeOf(segments: Clock, scenarioMs: number): number | undefined {
  for (const [index, segment] of segments.entries()) {
    if (scenarioMs <= segment.scenarioMs) return segment.wallMs;
    const next = segments[index + 1];
    const reached = next === undefined || scenarioMs <= next.scenarioMs;
    if (segment.speed > 0 && reached)
      return segment.wallMs + (scenarioMs - segment.scenarioMs) / segment.speed;
  }
  return undefined;
}

export function pauseAt(segments: Clock, wallMs: number): ClockSegment[] {
  return speedOf(segments) === 0 ? [...segments] : change(segments, wallMs, 0);
}

/** Goes on at the given speed, or at the one before the pause. A clock that runs is left as it is. */
export function resumeAt(segments: Clock, wallMs: number, speed?: number): ClockSegment[] {
  if (speedOf(segments) !== 0) return [...segments];
  const before = segments.findLast((segment) => segment.speed > 0)?.speed ?? 1;
  return change(segments, wallMs, requireSpeed(speed ?? before));
}

/** Refused while paused: who wants another speed after the pause gives it to `resumeAt`. */
export function setSpeedAt(segments: Clock, wallMs: number, speed: number): ClockSegment[] {
  if (speedOf(segments) === 0) throw new RangeError("the clock is paused");
  return change(segments, wallMs, requireSpeed(speed));
}

/** A wall clock that was set back must not rewind the scenario: no segment begins before the last one. */
function change(segments: Clock, wallMs: number, speed: number): ClockSegment[] {
  const from = Math.max(wallMs, segments.at(-1)?.wallMs ?? wallMs);
  return [...segments, { scenarioMs: scenarioTimeAt(segments, from), wallMs: from, speed }];
}

function speedOf(segments: Clock): number {
  const last = segments.at(-1);
  if (!last) throw new RangeError("the clock was not started");
  return last.speed;
}

function requireSpeed(speed: number): number {
  if (!Number.isFinite(speed) || speed <= 0) throw new RangeError("a speed is finite and above zero");
  return speed;
}
