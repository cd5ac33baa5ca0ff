import { useResource } from "../api/resource";
import type { Crash as Report, CrashLine, Suspect } from "../api/types";
import { count, date, plural, span } from "../app/format";
import { go, Link } from "../app/router";
import { Card, CopyButton, Empty, Pending, When } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { Served } from "./rollback";

export function Crashes() {
  const { data, error } = useResource<{ crashes: CrashLine[] }>("/crashes", ["crash", "quarantine"]);
  return (
    <>
      <Head title="Crashes">Each death of a worker, with the version that was inside when it happened. A version that keeps doing it is taken out of service by itself.</Head>
      <Card>
        {!data ? <Pending error={error} /> : data.crashes.length === 0 ? <Empty icon={Icon.done} title="No worker has died"><p>Handlers run in a process of their own, watched by this one. A crash costs its requests and a few milliseconds; clients wait in the backlog meanwhile.</p></Empty> : (
          <div class="scroll" role="region" aria-label="Crashes" tabIndex={0}>
            <table>
              <thead><tr><th class="number">No.</th><th>When</th><th>Blamed</th><th>What happened</th><th class="number">Requests lost</th><th><span class="unseen">Actions</span></th></tr></thead>
              <tbody>
                {data.crashes.map((crash) => (
                  <tr key={crash.id}>
                    <td class="number"><Link to={`/crashes/${crash.id}`}>{crash.id}</Link></td>
                    <td><When time={crash.time} /></td>
                    <td class="nowrap">{crash.handler ? <strong>{crash.handler} {crash.version}</strong> : <span class="soft">{crash.suspects.length ? `${plural(crash.suspects.length, "suspect")}` : "nobody"}</span>}</td>
                    <td class="wrap"><div>{crash.cause}</div>{crash.action && <div class="soft">{crash.action}</div>}</td>
                    <td class="number">{count(crash.requests)}</td>
                    <td class="acts">{crash.handler && <Served handler={crash.handler} instead={crash.version} />}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </>
  );
}

const evidence: Record<string, string> = {
  thread: "The thread that died was inside a call of it.", code: "Its code was on the stack of the thread that died.", call: "A thread was inside a call of it, or it is not known which thread died.",
  last: "The thread that died had last been inside a call of it.", request: "It had requests that wait for something.",
};

export function Crash({ params }: { params: Record<string, string> }) {
  const { data, error } = useResource<Report>(`/crashes/${params.id}`, ["quarantine"]);
  if (!data) return <><Head title={`Crash ${params.id}`} above={["/crashes", "Crashes"]} /><Card><Pending error={error} /></Card></>;
  const blamed = data.blamed;
  return (
    <>
      <Head title={blamed ? `${blamed.handler} ${blamed.version} crashed the worker` : "The worker crashed"} above={["/crashes", "Crashes"]} actions={blamed && <Served handler={blamed.handler} instead={blamed.version} kind="primary" />}>{data.cause}</Head>
      <div class="columns">
        <Card title="What is known">
          <div class="body">
            <dl class="facts">
              <dt>When</dt><dd>{date(data.time)}</dd>
              <dt>Done about it</dt><dd>{data.action ?? "Nothing: the worker was started again."}</dd>
              <dt>Worker</dt><dd>number {data.worker}, process {data.pid}, {span(data.uptimeMs)} old</dd>
              <dt>Epoch</dt><dd>{data.epoch}</dd>
              {data.signal != null && <><dt>Signal</dt><dd>{data.signal}</dd></>}
              {data.exitCode != null && <><dt>Exit code</dt><dd>{data.exitCode}</dd></>}
            </dl>
          </div>
        </Card>
        <Card title="Suspects" note="the likeliest first">
          {data.suspects.length === 0 ? <Empty icon={Icon.info} title="Nobody was inside a call" /> : <ul class="list">{data.suspects.map((suspect) => <SuspectLine key={suspect.sha256} suspect={suspect} blamed={suspect.sha256 === blamed?.sha256} />)}</ul>}
        </Card>
      </div>
      {data.managedStack.length > 0 && <Text title="Managed stack" text={data.managedStack.join("\n")} />}
      <Text title="Native stack" note={data.nativeStackNote} text={data.nativeStack.join("\n")} />
      <Card title="Requests that were lost" note={plural(data.requests.length + data.requestsLeftOut, "request")}>
        {data.requests.length === 0 ? <div class="body soft">None was inside a handler.</div> : (
          <div class="scroll" role="region" aria-label="Requests that were lost" tabIndex={0}><table><thead><tr><th>Request id</th><th>Handler</th></tr></thead><tbody>{data.requests.map((request) => <tr key={request.id}><td><code>{request.id}</code></td><td>{request.handler} <span class="soft">{request.version}</span></td></tr>)}</tbody></table></div>
        )}
      </Card>
      {data.standardError && <Text title="The end of standard error" text={data.standardError} />}
      <div><button type="button" class="button quiet" onClick={() => go("/crashes")}><Icon.back />All crashes</button></div>
    </>
  );
}

const SuspectLine = ({ suspect, blamed }: { suspect: Suspect; blamed: boolean }) => (
  <li>
    {blamed ? <Icon.alert class="icon bad" /> : <Icon.info />}
    <div class="what"><strong>{suspect.handler} {suspect.version}</strong> {blamed && <span class="pill bad">blamed</span>}<div class="soft">{evidence[suspect.evidence] ?? suspect.evidence}</div><div class="soft">{[suspect.phases.join(", "), plural(suspect.calls, "call"), plural(suspect.requests, "request")].filter(Boolean).join(" · ")}</div></div>
    <code class="soft" title={suspect.sha256}>{suspect.sha256.slice(0, 8)}</code>
  </li>
);

const Text = ({ title, note, text }: { title: string; note?: string; text: string }) => (
  <Card title={title} actions={text ? <CopyButton text={text} label={`Copy: ${title}`} /> : undefined}>
    <div class="body stack tight">{note && <p class="soft">{note}</p>}{text && <pre class="code" tabIndex={0} aria-label={title}>{text}</pre>}</div>
  </Card>
);
