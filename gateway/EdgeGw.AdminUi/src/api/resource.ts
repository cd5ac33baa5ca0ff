// A document of the Admin API on the page: shown at once from the last time, asked for again when something happened that concerns it, and once for all who show it.
import { useEffect, useRef, useState } from "preact/hooks";
import { call, type Problem } from "./client";
import { hear, type Happening } from "./live";

const most = 200;
const entries = new Map<string, Entry>();

class Entry {
  data: unknown;
  etag: string | undefined;
  error: Problem | undefined;
  readonly shown = new Set<() => void>();
  private flight: Promise<void> | undefined;
  private again = false;

  constructor(private readonly path: string) {}

  /** Asks; who asks while an answer is on its way gets the next one, which knows what happened meanwhile. */
  refresh = (): Promise<void> => {
    if (this.flight) {
      this.again = true;
      return this.flight;
    }
    return (this.flight = this.ask().finally(() => { this.flight = undefined; }));
  };

  private async ask() {
    do {
      this.again = false;
      try {
        const answer = await call<unknown>("GET", this.path);
        this.data = answer.data;
        this.etag = answer.etag;
        this.error = undefined;
      } catch (error) {
        this.error = error as Problem;
      }
      for (const draw of [...this.shown]) draw();
    } while (this.again);
  }
}

function entryOf(path: string) {
  let entry = entries.get(path);
  if (!entry) {
    if (entries.size > most) for (const [key, old] of entries) if (old.shown.size === 0) entries.delete(key);
    entries.set(path, (entry = new Entry(path)));
  }
  return entry;
}

export interface Resource<T> { data: T | undefined; etag: string | undefined; error: Problem | undefined; refresh: () => Promise<void> }

const nothing = () => Promise.resolve();

/** Calls that often while the page can be seen; 0: never. */
export function useEvery(everyMs: number, run: () => unknown) {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(() => { if (!document.hidden) void latest.current(); }, everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}

/** `on`: what makes it be asked for again. `everyMs`: how often anyway, where figures change without an event. */
export function useResource<T>(path: string | undefined, on: Happening[] = [], everyMs = 0): Resource<T> {
  const [, draw] = useState({});
  const entry = path ? entryOf(path) : undefined;
  useEffect(() => {
    if (!entry) return;
    const redraw = () => draw({});
    entry.shown.add(redraw);
    void entry.refresh();
    const stop = hear((kind) => { if (kind === "look" ? on.length > 0 : on.includes(kind)) void entry.refresh(); });
    return () => {
      entry.shown.delete(redraw);
      stop();
    };
  }, [entry]);
  const refresh = entry?.refresh ?? nothing;
  useEvery(entry ? everyMs : 0, refresh);
  return { data: entry?.data as T | undefined, etag: entry?.etag, error: entry?.error, refresh };
}

/** Asks again for what is shown and begins with this path: after a change made here. */
export const refreshAll = (beginning: string) => Promise.all([...entries].filter(([path, entry]) => path.startsWith(beginning) && entry.shown.size > 0).map(([, entry]) => entry.refresh()));

/** Forgets everything: another user may see something else. */
export const forget = () => entries.clear();
