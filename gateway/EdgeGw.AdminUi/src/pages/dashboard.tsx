import { useMemo } from "preact/hooks";
import { useResource } from "../api/resource";
import { moments } from "../api/traffic";
import type { CrashLine, Epoch, Status } from "../api/types";
import { count, rate, span } from "../app/format";
import { Link } from "../app/router";
import { Card, Empty, Notice, Pending, Pill, When } from "../view/basics";
import { Icon } from "../view/icons";
import { Plot, type Line } from "../view/plot";
import { HandlerUse, Ledger } from "./ledger";
import { Head } from "./page";
import { Served } from "./rollback";

export function Dashboard() {
  const status = useResource<Status>("/status", ["epoch", "deployment", "crash", "quarantine", "endpoint", "worker"], 4000);
  const { data } = status;
  return (
    <>
      <Head title="Dashboard">{data && <>Serving on {data.listen.map((url, i) => <>{i > 0 && ", "}<code>{url}</code></>)} · epoch {data.epoch} · up {span(data.control.uptimeMs)}</>}</Head>
      {status.error && <Notice kind="bad" title={status.error.message}><p>{status.error.detail}</p></Notice>}
      {data && !data.ready && data.reasons.length > 0 && <Notice kind="warn" title="Not everything is served."><ul>{data.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul></Notice>}
      <QuarantineNotice status={data} />
      <Traffic status={data} />
      {data?.handlers.length === 0 ? <FirstSteps /> : <HandlerUse status={data} />}
      <div class="columns"><Recent /><Crashes /></div>
      {data && data.versions.length > 0 && <Ledger versions={data.versions} />}
    </>
  );
}

function QuarantineNotice({ status }: { status: Status | undefined }) {
  return (
    <>
      {status?.quarantine.map((out) => (
        <div class="crash-banner notice bad" role="alert" key={out.sha256}>
          <Icon.shield />
          <div class="grow"><strong>{out.handler} {out.version} is quarantined</strong><p>{out.reason}</p></div>
          {out.crash > 0 && <Link class="button small" to={`/crashes/${out.crash}`}>Crash report</Link>}
        </div>
      ))}
    </>
  );
}

const traffic: Line[] = [{ label: "requests/s", color: 1, fill: true }, { label: "errors/s", color: 2 }];
const latency: Line[] = [{ label: "p50", color: 3 }, { label: "p99", color: 4 }];
const inside: Line[] = [{ label: "in flight", color: 1, fill: true }];
const known = (value: number) => (Number.isNaN(value) ? null : value);

function Traffic({ status }: { status: Status | undefined }) {
  const all = moments.value;
  const last = all.at(-1);
  const [requests, times, flight] = useMemo(() => {
    const at = all.map((moment) => moment.at);
    return [
      [at, all.map((moment) => moment.requests), all.map((moment) => moment.errors)],
      [at, all.map((moment) => known(moment.p50)), all.map((moment) => known(moment.p99))],
      [at, all.map((moment) => moment.inFlight)],
    ];
  }, [all]);
  const failing = last && last.requests > 0 ? last.errors / last.requests : 0;
  return (
    <div class="tiles">
      <section class="card tile" aria-label="Traffic">
        <h2>Requests</h2>
        <div class="figure">{last ? rate(last.requests) : "–"}<small>/s</small></div>
        <div class="legend"><span class="key plot-1"><i />requests</span><span class="key plot-2"><i />5xx {last ? rate(last.errors) : "–"}/s{failing >= 0.001 && ` (${(failing * 100).toFixed(1)} %)`}</span></div>
        <Plot label="Requests and errors per second" lines={traffic} data={requests!} unit={rate} />
      </section>
      <section class="card tile" aria-label="Latency">
        <h2>Latency, p99</h2>
        <div class="figure">{last ? span(last.p99) : "–"}</div>
        <div class="legend"><span class="key plot-3"><i />p50 {last ? span(last.p50) : "–"}</span><span class="key plot-4"><i />p99</span></div>
        <Plot label="Latency" lines={latency} data={times!} unit={span} />
      </section>
      <section class="card tile" aria-label="In flight">
        <h2>In flight</h2>
        <div class="figure">{last ? count(last.inFlight) : status?.worker ? count(status.worker.inFlight) : "–"}</div>
        <div class="legend">{status?.worker && <span>{count(status.worker.requests)} answered by this worker</span>}</div>
        <Plot label="Requests in flight" lines={inside} data={flight!} unit={count} least={4} />
      </section>
    </div>
  );
}

function FirstSteps() {
  return (
    <Card>
      <Empty icon={Icon.rocket} title="Nothing is served yet" actions={<Link to="/endpoints/new" class="button primary"><Icon.plus />New endpoint</Link>}>
        <p>Write an endpoint in this page, or deploy a handler library: its routes answer within milliseconds, and the version before keeps its requests to their end.</p>
        <pre class="code">edgegw new hello &amp;&amp; cd hello{"\n"}edgegw publish{"\n"}edgegw deploy</pre>
      </Empty>
    </Card>
  );
}

function Recent() {
  const { data, error } = useResource<{ epochs: Epoch[] }>("/epochs?limit=6", ["epoch", "deployment", "quarantine"]);
  return (
    <Card title="Recent changes" actions={<Link to="/deployments" class="button quiet small">All</Link>}>
      {!data ? <Pending error={error} /> : data.epochs.length === 0 ? <Empty icon={Icon.history} title="No change yet"><p>Every deploy, rollback and change of a service becomes an epoch, and can be gone back to.</p></Empty> : (
        <ul class="list">
          {data.epochs.map((epoch) => <li key={epoch.number}><span class="soft number">{epoch.number}</span><div class="what truncate" title={epoch.reason}>{epoch.reason}</div><Pill state={epoch.action}>{epoch.action}</Pill><When time={epoch.created} /></li>)}
        </ul>
      )}
    </Card>
  );
}

function Crashes() {
  const { data, error } = useResource<{ crashes: CrashLine[] }>("/crashes", ["crash", "quarantine"]);
  return (
    <Card title="Recent crashes" actions={<Link to="/crashes" class="button quiet small">All</Link>}>
      {!data ? <Pending error={error} /> : data.crashes.length === 0 ? <Empty icon={Icon.done} title="No worker has died"><p>When handler code kills the worker, another one serves within milliseconds, and the version that did it is named here.</p></Empty> : (
        <ul class="list">
          {data.crashes.slice(0, 5).map((crash) => (
            <li key={crash.id}>
              <Icon.alert class="icon bad" />
              <div class="what"><Link to={`/crashes/${crash.id}`}>{crash.handler ? `${crash.handler} ${crash.version}` : "Nobody is blamed"}</Link><div class="soft wrap">{crash.action ?? crash.cause}</div></div>
              {crash.handler && <Served handler={crash.handler} instead={crash.version} />}
              <When time={crash.time} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
