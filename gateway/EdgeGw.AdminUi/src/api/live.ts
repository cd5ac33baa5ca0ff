// What happens in the gateway, as it happens: server-sent events; while they cannot be had, a look every few seconds in their place.
import { signal } from "@preact/signals";

export type Happening = "epoch" | "deployment" | "build" | "endpoint" | "crash" | "quarantine" | "canary" | "metrics" | "log";

const happenings: Happening[] = ["epoch", "deployment", "build", "endpoint", "crash", "quarantine", "canary"];
const pollMs = 3000;
const retryMs = 15_000;

/** How the page hears: as it happens, or by asking. */
export const hearing = signal<"connecting" | "live" | "asking">("connecting");

type Listener = (kind: Happening | "look", data: unknown) => void;
const listeners = new Set<Listener>();
let source: EventSource | undefined;
let timer: number | undefined;
let retry: number | undefined;

/** Calls back with what happens; `look` means that anything may have. */
export function hear(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function tell(kind: Happening | "look", data: unknown) {
  for (const listener of [...listeners]) listener(kind, data);
}

export function startHearing() {
  stopHearing();
  hearing.value = "connecting";
  source = new EventSource("/api/v1/events");
  source.onopen = () => {
    ask(false);
    hearing.value = "live";
    tell("look", undefined); // what happened while nobody listened
  };
  source.onerror = () => {
    hearing.value = "asking";
    ask(true);
    if (source?.readyState === EventSource.CLOSED) {
      clearTimeout(retry);
      retry = setTimeout(startHearing, retryMs);
    }
  };
  for (const kind of happenings) {
    source.addEventListener(kind, (event) => {
      let data: unknown;
      try {
        data = JSON.parse((event as MessageEvent<string>).data);
      } catch {
        return;
      }
      tell(kind, data);
    });
  }
}

export function stopHearing() {
  source?.close();
  source = undefined;
  clearTimeout(retry);
  ask(false);
}

function ask(on: boolean) {
  clearInterval(timer);
  if (on) timer = setInterval(() => { if (!document.hidden) tell("look", undefined); }, pollMs);
}

addEventListener("visibilitychange", () => { if (!document.hidden) tell("look", undefined); });
