// A document of the Admin API on the page: shown at once from the last time, asked for again when something happened that concerns it.
import { useEffect, useMemo, useState } from "preact/hooks";
import { call, type Problem } from "./client";
import { hear, type Happening } from "./live";

interface Kept { data: unknown; etag: string | undefined }
const kept = new Map<string, Kept>();
const most = 200;

export interface Resource<T> { data: T | undefined; etag: string | undefined; error: Problem | undefined; loading: boolean; refresh: () => Promise<void> }

/** `on`: what makes it be asked for again. `everyMs`: how often anyway, while the page can be seen. */
export function useResource<T>(path: string | undefined, on: Happening[] = [], everyMs = 0): Resource<T> {
  const [, draw] = useState(0);
  const held = useMemo(() => ({ error: undefined as Problem | undefined, loading: false, control: undefined as AbortController | undefined }), [path]);
  const refresh = useMemo(() => async () => {
    if (!path) return;
    held.control?.abort();
    const control = (held.control = new AbortController());
    held.loading = true;
    try {
      const answer = await call<T>("GET", path, { signal: control.signal });
      if (kept.size > most) kept.clear();
      kept.set(path, { data: answer.data, etag: answer.etag });
      held.error = undefined;
    } catch (error) {
      if (control.signal.aborted) return;
      held.error = error as Problem;
    }
    held.loading = false;
    draw((n) => n + 1);
  }, [path]);

  useEffect(() => {
    if (!path) return;
    void refresh();
    const stop = hear((kind) => { if (kind === "look" ? on.length > 0 : on.includes(kind)) void refresh(); });
    const timer = everyMs ? setInterval(() => { if (!document.hidden && !held.loading) void refresh(); }, everyMs) : 0;
    return () => {
      stop();
      clearInterval(timer);
      held.control?.abort();
    };
  }, [path]);

  const found = path ? kept.get(path) : undefined;
  return { data: found?.data as T | undefined, etag: found?.etag, error: held.error, loading: !found && !held.error, refresh };
}

/** Forgets everything: another user may see something else. */
export const forget = () => kept.clear();
