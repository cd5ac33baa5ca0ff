// What happens in the gateway, as it happens: server-sent events; while they cannot be had, a look every few seconds in their place.
import { signal } from "@preact/signals";

export type Happening = "epoch" | "deployment" | "build" | "endpoint" | "crash" | "quarantine" | "canary" | "worker";

const happenings: Happening[] = ["epoch", "deployment", "build", "endpoint", "crash", "quarantine", "canary"];
const metricsMs = 1000;
const pollMs = 3000;
const retryMs = 15_000;

/** The traffic of the last second; `worker` is the process that served it, if one does. */
export interface Metrics {
  time: string; worker: number | null; requestsPerSecond: number; errorsPerSecond: number; p50Ms: number | null; p99Ms: number | null; inFlight: number;
  handlers: { handler: string; requestsPerSecond: number; errorsPerSecond: number; p50Ms: number | null; p99Ms: number | null; inFlight: number; cpu: number; heapBytes: number | null }[];
}

/** How the page hears: as it happens, or by asking. */
export const hearing = signal<"connecting" | "live" | "asking">("connecting");

/** Whether somebody sees the page. A browser has six connections to a gateway for all of its windows: one that nobody sees keeps none of them. */
export const visible = signal(!document.hidden);

/** The newest figures. */
export const metrics = signal<Metrics | undefined>(undefined);

type Listener = (kind: Happening | "look", data?: unknown) => void;
const listeners = new Set<Listener>();
let wanted = false;
let source: EventSource | undefined;
let timer: number | undefined;
let retry: number | undefined;

/** Calls back with what happens; `look` means that anything may have. */
export function hear(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tell(kind: Happening | "look", data?: unknown) {
  for (const listener of [...listeners]) listener(kind, data);
}

export function startHearing() {
  wanted = true;
  close();
  hearing.value = "connecting";
  source = new EventSource(`/api/v1/events?metrics=${metricsMs}`);
  source.onopen = () => {
    ask(false);
    hearing.value = "live";
    tell("look"); // what happened while nobody listened
  };
  source.onerror = () => {
    hearing.value = "asking";
    ask(true);
    if (source?.readyState === EventSource.CLOSED) {
      clearTimeout(retry);
      retry = setTimeout(startHearing, retryMs);
    }
  };
  for (const kind of happenings) source.addEventListener(kind, (event) => tell(kind, JSON.parse((event as MessageEvent<string>).data)));
  source.addEventListener("missed", () => tell("look"));
  source.addEventListener("metrics", (event) => {
    const before = metrics.value;
    metrics.value = JSON.parse((event as MessageEvent<string>).data) as Metrics;
    if (before && before.worker !== metrics.value.worker) tell("worker");
  });
}

export function stopHearing() {
  wanted = false;
  close();
}

function close() {
  source?.close();
  source = undefined;
  clearTimeout(retry);
  ask(false);
}

function ask(on: boolean) {
  clearInterval(timer);
  if (on) timer = setInterval(() => { if (!document.hidden) tell("look"); }, pollMs);
}

addEventListener("visibilitychange", () => {
  visible.value = !document.hidden;
  if (!wanted) return;
  if (document.hidden) close();
  else startHearing();
});
