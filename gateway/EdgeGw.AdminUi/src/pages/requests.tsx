import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { query } from "../api/client";
import type { RequestLine } from "../api/types";
import { clock, count, date, span } from "../app/format";
import { Link } from "../app/router";
import { Button, Card, Empty, Method, Notice, Pending } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { keyOf, useRequests } from "./requests/following";
import { useStill } from "./requests/still";

const step = 100; // rows that are drawn, and how many more each time somebody asks for more
const statuses: [string, string][] = [["", "Every status"], ["2xx", "2xx"], ["3xx", "3xx"], ["4xx", "4xx"], ["5xx", "5xx"]];
const why: Record<string, string> = { always: "one of the first of its second", sample: "a sample", error: "it failed", slow: "it was slow" };
const tone = (status: number) => (status < 400 ? "good" : status < 500 ? "warn" : "bad");

export function Requests() {
  return (
    <>
      <Head title="Requests">What was asked and answered, as it comes: of a busy gateway a sample, and every request that failed or was slow.</Head>
      <RequestLog />
    </>
  );
}

/** The recorded requests, the newest first; of one handler where it is given. */
export function RequestLog({ handler }: { handler?: string }) {
  const [status, setStatus] = useState("");
  const [words, setWords] = useState("");
  const [following, setFollowing] = useState(true);
  const [rows, setRows] = useState(step);
  const { of, lines, error, broken } = useRequests(handler, status, following);
  const wanted = words.trim().toLowerCase();
  const fitting = wanted ? lines?.filter((line) => `${line.requestId} ${line.method} ${line.path} ${line.handler ?? ""} ${line.error ?? ""}`.toLowerCase().includes(wanted)) : lines;
  const { shown, newer, room } = useStill(`${of} ${wanted}`, fitting);
  return (
    <Card title="Requests" tools={<>
      <select class="input small" style={{ width: "auto" }} aria-label="Status of requests" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>{statuses.map(([key, text]) => <option value={key} key={key}>{text}</option>)}</select>
      <input class="input small" style={{ width: "min(220px, 100%)" }} type="search" aria-label="Path or request id" placeholder="Path or request id" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
    </>} note={newer > 0 ? `${count(newer)} newer: the list stands still while you are on it` : undefined} actions={<Button kind="small" icon={following ? Icon.pause : Icon.play} onClick={() => setFollowing(!following)}>{following ? "Pause" : "Follow"}</Button>}>
      {broken && <div class="body"><Notice kind="warn" title="The requests broke off; they are picked up again." /></div>}
      <div {...room}>
        {!lines || !shown ? <Pending error={error} /> : shown.length > 0 ? <Table handler={handler} lines={shown.slice(0, rows)} /> : lines.length > 0 ? <Empty icon={Icon.activity} title="No request fits" /> : (
          <Empty icon={Icon.activity} title="No request yet"><p>Whatever is asked of the gateway appears here, with where its time went: waiting, in the handler, in calls of services.</p></Empty>
        )}
        {shown && shown.length > rows && <div class="body row"><Button kind="small" onClick={() => setRows(rows + step)}>{`Show ${step} more`}</Button><span class="soft">{rows} of {count(shown.length)}</span></div>}
      </div>
    </Card>
  );
}

function Table({ handler, lines }: { handler: string | undefined; lines: RequestLine[] }) {
  const [open, setOpen] = useState<string>();
  return (
    <div class="scroll" role="region" aria-label="Requests" tabIndex={0}>
      <table>
        <thead><tr><th>Time</th><th>Status</th><th>Request</th>{!handler && <th>Handler</th>}<th class="number">Took</th><th class="number">Waited</th><th class="number">Service calls</th><th><span class="unseen">Actions</span></th></tr></thead>
        <tbody>{lines.map((line) => {
          const key = keyOf(line);
          return (
            <Fragment key={key}>
              <tr>
                <td class="nowrap" title={date(line.time)}>{clock(line.time)}</td><td><span class={`status-code ${tone(line.status)}`}>{line.status}</span></td>
                <td class="wrap"><Method name={line.method} /> <code>{line.path}</code></td>
                {!handler && <td class="nowrap">{line.handler ?? <span class="soft">no route</span>} <span class="soft">{line.version}</span></td>}
                <td class="number">{span(line.ms)}</td><td class="number">{span(line.queueMs)}</td><td class="number">{line.spans?.length || "–"}</td>
                <td class="acts"><Button kind="quiet small" aria-expanded={open === key} onClick={() => setOpen(open === key ? undefined : key)}>Details</Button></td>
              </tr>
              {open === key && <tr><td colSpan={handler ? 7 : 8}><Details line={line} /></td></tr>}
            </Fragment>
          );
        })}</tbody>
      </table>
    </div>
  );
}

function Details({ line }: { line: RequestLine }) {
  return (
    <div class="stack tight">
      <dl class="facts">
        <dt>Request id</dt><dd><code>{line.requestId}</code></dd>
        {line.traceId && <><dt>Trace</dt><dd><code>{line.traceId}</code></dd></>}
        <dt>Route</dt><dd><code>{line.route ?? "none"}</code> on <code>{line.host}</code>, {line.protocol}, from {line.client}</dd>
        <dt>Times</dt><dd>{span(line.queueMs)} until its turn, {span(line.handlerMs)} in the handler, {span(line.responseMs)} until the answer was handed over</dd>
        <dt>Bytes</dt><dd>{line.bytesIn} in, {line.bytesOut} out</dd>
        <dt>Recorded</dt><dd>{why[line.why] ?? line.why}</dd>
        {line.error && <><dt>Error</dt><dd class="bad">{line.error}</dd></>}
      </dl>
      {line.spans && line.spans.length > 0 && (
        <ul class="spans" aria-label="Service calls">{line.spans.map((call, i) => (
          <li key={i}><code>{call.kind}:{call.name} {call.operation}</code>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect x={share(call.atMs, line.ms)} width={Math.max(share(call.ms, line.ms), 0.5)} y="2" height="6" rx="1" /></svg>
            <span class={`number ${call.outcome === "answered" ? "soft" : "bad"}`}>+{span(call.atMs)}, {span(call.ms)}{call.outcome !== "answered" && ` ${call.outcome}`}</span></li>
        ))}</ul>
      )}
      {(line.spansLost ?? 0) > 0 && <p class="soft">{line.spansLost} more service calls are not kept.</p>}
      {line.handler && <div><Link to={`/logs${query({ handler: line.handler })}`} class="button quiet small">Its handler's log</Link></div>}
    </div>
  );
}

const share = (ms: number, of: number) => Math.min(of > 0 ? (ms / of) * 100 : 0, 100);
