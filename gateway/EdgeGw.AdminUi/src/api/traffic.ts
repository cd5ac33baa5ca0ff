// The figures of the traffic over a quarter of an hour, as long as the page is open.
import { effect, signal } from "@preact/signals";
import { metrics, type Metrics } from "./live";

const mostMoments = 900;
const mostOfHandler = 60;

/** Figures of one moment, `at` in seconds. Times are in ms; NaN: nothing to tell. */
export interface Moment { at: number; requests: number; errors: number; p50: number; p99: number; inFlight: number }

/** A handler's last minute; the newest figure is the last one. */
export interface HandlerFigures { cpu: number[]; heap: number[]; requests: number[]; errors: number[]; inFlight: number; p50: number; p99: number }

export const moments = signal<Moment[]>([]);
export const handlers = signal<Map<string, HandlerFigures>>(new Map());

effect(() => { if (metrics.value) add(metrics.value); });

function add(now: Metrics) {
  moments.value = [...moments.peek().slice(1 - mostMoments), {
    at: new Date(now.time).getTime() / 1000, requests: now.requestsPerSecond, errors: now.errorsPerSecond, p50: now.p50Ms ?? NaN, p99: now.p99Ms ?? NaN, inFlight: now.inFlight,
  }];
  const before = handlers.peek();
  handlers.value = new Map(now.handlers.map((own) => {
    const kept = before.get(own.handler);
    const push = (list: number[] | undefined, value: number) => [...(list ?? []).slice(1 - mostOfHandler), value];
    return [own.handler, {
      cpu: push(kept?.cpu, own.cpu), heap: push(kept?.heap, own.heapBytes ?? 0), requests: push(kept?.requests, own.requestsPerSecond), errors: push(kept?.errors, own.errorsPerSecond),
      inFlight: own.inFlight, p50: own.p50Ms ?? NaN, p99: own.p99Ms ?? NaN,
    }];
  }));
}
