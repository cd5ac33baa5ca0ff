// Rates and percentiles from two looks at the counters of /metrics; a quarter of an hour of them is kept while the page is open.
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get } from "./client";
import { samples } from "./prometheus";

const everyMs = 2000;
const most = 450;

/** Figures of one moment. Times are in ms; NaN: nothing to tell. */
export interface Moment { at: number; requests: number; errors: number; p50: number; p99: number; inFlight: number }
export interface HandlerFigures { cpu: number[]; heap: number[]; requests: number[]; errors: number[]; p50: number; p99: number }

export const moments = signal<Moment[]>([]);
export const handlers = signal<Map<string, HandlerFigures>>(new Map());

interface Counters { requests: number; errors: number; cpu: number; heap: number; buckets: Map<number, number> }
interface Look { at: number; total: Counters; byHandler: Map<string, Counters>; inFlight: number }

const empty = (): Counters => ({ requests: 0, errors: 0, cpu: 0, heap: 0, buckets: new Map() });
let before: Look | undefined;
let watchers = 0;
let timer: number | undefined;

/** Keeps the figures coming as long as somebody shows them. */
export function useTraffic() {
  useEffect(() => {
    if (watchers++ === 0) {
      void look();
      timer = setInterval(() => { if (!document.hidden) void look(); }, everyMs);
    }
    return () => {
      if (--watchers === 0) {
        clearInterval(timer);
        before = undefined; // a pause is no rate
      }
    };
  }, []);
}

async function look() {
  let text: string;
  try {
    text = await get<string>("/metrics");
  } catch {
    return; // the next look tells
  }
  const now = read(text);
  const last = before;
  before = now;
  if (!last || now.at <= last.at) return;
  const seconds = (now.at - last.at) / 1000;
  const times = percentiles(now.total, last.total);
  moments.value = [...moments.value.slice(-most + 1), { at: now.at / 1000, requests: delta(now.total.requests, last.total.requests) / seconds, errors: delta(now.total.errors, last.total.errors) / seconds, ...times, inFlight: now.inFlight }];
  const next = new Map(handlers.value);
  for (const [name, counters] of now.byHandler) {
    const old = last.byHandler.get(name);
    if (!old) continue;
    const kept = next.get(name) ?? { cpu: [], heap: [], requests: [], errors: [], p50: NaN, p99: NaN };
    const push = (list: number[], value: number) => [...list.slice(-59), value];
    next.set(name, {
      cpu: push(kept.cpu, delta(counters.cpu, old.cpu) / seconds), heap: push(kept.heap, counters.heap),
      requests: push(kept.requests, delta(counters.requests, old.requests) / seconds), errors: push(kept.errors, delta(counters.errors, old.errors) / seconds), ...percentiles(counters, old),
    });
  }
  for (const name of next.keys()) if (!now.byHandler.has(name)) next.delete(name);
  handlers.value = next;
}

// A counter that fell began anew with another worker.
const delta = (now: number, last: number) => (now >= last ? now - last : now);

function read(text: string): Look {
  const found: Look = { at: Date.now(), total: empty(), byHandler: new Map(), inFlight: 0 };
  const of = (handler: string | undefined) => {
    const name = handler ?? "";
    let counters = found.byHandler.get(name);
    if (!counters && name) found.byHandler.set(name, (counters = empty()));
    return counters ? [found.total, counters] : [found.total];
  };
  for (const { name, labels, value } of samples(text)) {
    switch (name) {
      case "edgegw_requests_total":
        for (const counters of of(labels.handler)) {
          counters.requests += value;
          if (labels.class === "5xx") counters.errors += value;
        }
        break;
      case "edgegw_request_duration_seconds_bucket":
        for (const counters of of(labels.handler)) {
          const bound = labels.le === "+Inf" ? Infinity : Number(labels.le);
          counters.buckets.set(bound, (counters.buckets.get(bound) ?? 0) + value);
        }
        break;
      case "edgegw_handler_cpu_seconds_total":
        for (const counters of of(labels.handler)) counters.cpu += value;
        break;
      case "edgegw_handler_heap_bytes":
        for (const counters of of(labels.handler)) counters.heap += value;
        break;
      case "edgegw_worker_in_flight":
        found.inFlight = value;
        break;
    }
  }
  return found;
}

function percentiles(now: Counters, last: Counters): { p50: number; p99: number } {
  const bounds = [...now.buckets.keys()].sort((a, b) => a - b);
  const fell = (now.buckets.get(Infinity) ?? 0) < (last.buckets.get(Infinity) ?? 0);
  const counts = bounds.map((bound) => (now.buckets.get(bound) ?? 0) - (fell ? 0 : last.buckets.get(bound) ?? 0));
  const total = counts[counts.length - 1] ?? 0;
  if (total <= 0) return { p50: NaN, p99: NaN };
  const at = (share: number) => {
    const wanted = share * total;
    const i = counts.findIndex((sum) => sum >= wanted);
    const low = i > 0 ? bounds[i - 1]! : 0;
    const high = bounds[i]!;
    if (high === Infinity) return low * 1000;
    const below = i > 0 ? counts[i - 1]! : 0;
    const inside = counts[i]! - below;
    return (low + (high - low) * (inside > 0 ? (wanted - below) / inside : 1)) * 1000;
  };
  return { p50: at(0.5), p99: at(0.99) };
}
