import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { query } from "../api/client";
import { visible } from "../api/live";
import { useResource } from "../api/resource";
import type { LogLine, Status } from "../api/types";
import { batch } from "../app/batch";
import { clock } from "../app/format";
import { go, place } from "../app/router";
import { Button, Card, Empty, Notice } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

const most = 2000;
const drawMs = 250;
const tail = 500;
const retryMs = 2000;
const keyOf = (line: LogLine) => `${line.time} ${line.source} ${line.requestId ?? ""} ${line.level} ${line.message}`;
const levels = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"];
const weight = (level: string) => Math.max(levels.findIndex((known) => level.toLowerCase().startsWith(known.toLowerCase())), 0);

export function Logs() {
  const handler = place.value.search.get("handler") ?? "";
  const { data } = useResource<Status>("/status", ["epoch"]);
  return (
    <>
      <Head title="Logs">What control, the worker and the handlers write, as they write it.</Head>
      <LogView handler={handler} onHandler={(name) => go(`/logs${query({ handler: name })}`, true)} sources={["control", "worker", ...(data?.handlers.map((known) => known.name) ?? [])]} />
    </>
  );
}

/** The log, followed. `onHandler` offers the choice of whose. */
export function LogView({ handler, onHandler, sources = [], short }: { handler: string; onHandler?: (name: string) => void; sources?: string[]; short?: boolean }) {
  const [following, setFollowing] = useState(true);
  const [least, setLeast] = useState("");
  const [words, setWords] = useState("");
  const { lines, broken, clear } = useLog(handler, following);
  const room = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const shown = lines.filter((line) => weight(line.level) >= weight(least || "Trace") && (!words || `${line.source} ${line.requestId ?? ""} ${line.message}`.toLowerCase().includes(words.toLowerCase())));
  useEffect(() => {
    if (atEnd.current && room.current) room.current.scrollTop = room.current.scrollHeight;
  }, [shown.length, lines.at(-1)]);
  return (
    <Card tools={<>
      {onHandler && <select class="input small" style={{ width: "auto" }} aria-label="Source" value={handler} onChange={(event) => onHandler(event.currentTarget.value)}><option value="">All sources</option>{[...new Set([...sources, handler].filter(Boolean))].map((name) => <option key={name} value={name}>{name}</option>)}</select>}
      <select class="input small" style={{ width: "auto" }} aria-label="Least level" value={least} onChange={(event) => setLeast(event.currentTarget.value)}><option value="">All levels</option>{levels.slice(1, 5).map((level) => <option key={level} value={level}>{level} and above</option>)}</select>
      <input class="input small" style={{ width: "min(220px, 100%)" }} type="search" aria-label="Text or request id" placeholder="Text or request id" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
    </>} actions={<><Button kind="small" icon={following ? Icon.pause : Icon.play} onClick={() => setFollowing(!following)}>{following ? "Pause" : "Follow"}</Button><Button kind="quiet small" onClick={clear}>Clear</Button></>}>
      {broken && <Notice kind="warn" title="The log broke off; it is picked up again." />}
      <div class={`log ${short ? "short" : ""}`} ref={room} role="log" aria-label="Log" aria-live="off" tabIndex={0} onScroll={(event) => { const at = event.currentTarget; atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 30; }}>
        {shown.length === 0 ? <Empty icon={Icon.logs} title={lines.length ? "No line fits" : "Nothing is logged yet"}>{!lines.length && <p>A handler writes here with <code>context.Log.Info("…")</code>.</p>}</Empty>
          : shown.map((line) => <div key={line.turn}><time class="soft" dateTime={line.time}>{clock(line.time)}</time><span class={line.level}>{line.level}</span><span class="soft truncate">{line.source}</span><span class="message">{line.message}{line.requestId && <span class="soft"> {line.requestId}</span>}</span></div>)}
      </div>
    </Card>
  );
}

/** `turn`: its place in the order in which they came, by which it is the same row however many come after it. */
type Line = LogLine & { turn: number };

function useLog(handler: string, following: boolean) {
  const [log, setLog] = useState<{ of: string; lines: Line[] }>({ of: handler, lines: [] });
  const [broken, setBroken] = useState(false);
  const known = useRef(new Set<string>());
  const turn = useRef(0);
  useLayoutEffect(() => { known.current = new Set(); }, [handler]);
  useEffect(() => {
    if (!following || !visible.value) return; // one of the browser's few connections
    const control = new AbortController();
    const coming = batch<Line>(drawMs, most, (more) => setLog((last) => ({ of: handler, lines: last.of === handler ? [...last.lines, ...more].slice(-most) : more })));
    const run = async () => {
      while (!control.signal.aborted) {
        const before = new Set(known.current); // the end of the log comes again, with what was missed
        try {
          const response = await fetch(`/api/v1/logs${query({ tail, follow: true, handler })}`, { signal: control.signal });
          if (!response.ok || !response.body) throw new Error();
          setBroken(false);
          await read(response.body, (found) => {
            if (control.signal.aborted) return;
            const more = found.filter((line) => !before.has(keyOf(line)));
            for (const line of more) known.current.add(keyOf(line));
            if (known.current.size > 2 * most) known.current = new Set([...known.current].slice(-most));
            coming.add(more.map((line) => ({ ...line, turn: turn.current++ })));
          });
        } catch {
          if (control.signal.aborted) return;
        }
        setBroken(true);
        await new Promise((done) => setTimeout(done, retryMs));
      }
    };
    void run();
    return () => {
      control.abort();
      coming.flush();
    };
  }, [handler, following, visible.value]);
  return { lines: log.of === handler ? log.lines : [], broken, clear: () => setLog({ of: handler, lines: [] }) };
}

async function read(body: ReadableStream<Uint8Array>, more: (lines: LogLine[]) => void) {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const pieces = (rest + value).split("\n");
    rest = pieces.pop()!;
    const lines = pieces.flatMap((piece) => { try { return [JSON.parse(piece) as LogLine]; } catch { return []; } });
    if (lines.length) more(lines);
  }
}
