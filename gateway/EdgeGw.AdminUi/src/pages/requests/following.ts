// The request log as it comes. A gateway may record thousands a second (RequestLog:PerSecond, of each worker): what is kept, what waits and how often the page is drawn are bounded.
import { useLayoutEffect, useState } from "preact/hooks";
import { get, query } from "../../api/client";
import { visible } from "../../api/live";
import type { RequestLine } from "../../api/types";
import { batch } from "../../app/batch";

const most = 2000;
const before = 200; // of those that were there before
const drawMs = 250;
const retryMs = 15_000;

export const keyOf = (line: RequestLine) => `${line.worker} ${line.number}`;
const newestFirst = (a: RequestLine, b: RequestLine) => (a.time < b.time ? 1 : a.time > b.time ? -1 : b.number - a.number);

function merged(known: RequestLine[], more: RequestLine[]) {
  const have = new Set(known.map(keyOf));
  const fresh = more.filter((line) => !have.has(keyOf(line)));
  return fresh.length === 0 ? known : [...fresh, ...known].sort(newestFirst).slice(0, most);
}

interface Found { of: string; lines?: RequestLine[]; error?: unknown }

/** The newest requests of a handler and a status, newest first; `lines` is undefined until something is known. While nobody follows, what is there stays as it is. */
export function useRequests(handler: string | undefined, status: string, following: boolean) {
  const [found, setFound] = useState<Found>();
  const [broken, setBroken] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const wanted = query({ handler, status });
  const own = found?.of === wanted ? found : undefined;
  // With the page that says so, not after it: who has paused sees nothing more come.
  useLayoutEffect(() => {
    if (!visible.value) return; // one of the browser's few connections
    let gone = false;
    let retry: number | undefined;
    const add = (more: RequestLine[]) => setFound((last) => ({ of: wanted, lines: merged(last?.of === wanted ? last.lines ?? [] : [], more) }));
    const fail = (error: unknown) => setFound((last) => (last?.of === wanted && last.lines ? last : { of: wanted, error }));
    const look = () => get<{ items: RequestLine[] }>(`/requests${query({ handler, status, limit: before })}`).then(({ items }) => { if (!gone) add(items); }, (error: unknown) => { if (!gone) fail(error); });
    if (!following) {
      setBroken(false);
      if (!own?.lines) void look(); // a filter that was chosen meanwhile
      return () => { gone = true; };
    }
    const coming = batch<string>(drawMs, most, (texts) => add(texts.map((text) => JSON.parse(text) as RequestLine)));
    const source = new EventSource(`/api/v1/events${query({ requests: true, handler, status })}`);
    // From here on none is missed: what was there before is asked for now.
    source.addEventListener("ready", () => {
      setBroken(false);
      void look();
    });
    source.addEventListener("request", (event) => coming.add([(event as MessageEvent<string>).data]));
    source.onerror = () => {
      if (gone) return;
      setBroken(true);
      if (source.readyState !== EventSource.CLOSED) return; // the browser comes back by itself
      void look(); // says why
      retry = setTimeout(() => setAttempt(attempt + 1), retryMs);
    };
    return () => {
      coming.flush();
      gone = true;
      clearTimeout(retry);
      source.close();
    };
  }, [wanted, following, visible.value, attempt]);
  return { of: wanted, lines: own?.lines, error: own?.error, broken };
}
