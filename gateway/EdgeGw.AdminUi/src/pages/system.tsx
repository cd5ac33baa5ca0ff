import { post } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Status } from "../api/types";
import { bytes, count, plural, span } from "../app/format";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Pending } from "../view/basics";
import { ask } from "../view/dialog";
import { Icon } from "../view/icons";
import { Head } from "./page";

async function reload() {
  const done = await post<{ pid: number; pending: string[]; elapsedMs: number }>("/reload");
  toast({ kind: "good", title: `A fresh worker serves (process ${done.pid}, ${span(done.elapsedMs)})`, detail: done.pending.length ? `Only a restart puts in force: ${done.pending.join(", ")}.` : undefined });
  await refreshAll("/status");
}

export function System() {
  const { data, error } = useResource<Status>("/status", ["epoch", "crash", "worker"], 3000);
  return (
    <>
      <Head title="System" actions={<Button icon={Icon.refresh} disabled={!may("admin")} onClick={() => ask({ title: "Hand over to a fresh worker?", text: <p>The settings are read again. A second worker starts on the same sockets; the first answers what its connections still ask. No request is lost.</p>, action: "Reload", run: reload })}>Reload</Button>}>The processes of this gateway and what they take.</Head>
      {!data ? <Card><Pending error={error} /></Card> : (
        <div class="columns">
          <Card title="Gateway"><div class="body"><dl class="facts">
            <dt>Version</dt><dd>{data.version}, ABI {data.abi}</dd>
            <dt>Traffic</dt><dd>{data.listen.map((url) => <div key={url}><code>{url}</code></div>)}</dd>
            <dt>Administration</dt><dd><code>{data.admin ?? "the Unix socket alone"}</code></dd>
            <dt>State directory</dt><dd><code>{data.state}</code></dd>
            <dt>Epoch</dt><dd>{data.epoch}</dd>
            <dt>Ready</dt><dd>{data.ready ? <span class="good">yes</span> : <span class="warn">{data.reasons.join(" ")}</span>}</dd>
          </dl></div></Card>
          <Card title="Control" note={`process ${data.control.pid}`}><div class="body"><dl class="facts">
            <dt>Up</dt><dd>{span(data.control.uptimeMs)}</dd><dt>Resident</dt><dd>{bytes(data.control.rssBytes)}</dd><dt>Upgrades</dt><dd>{data.control.upgrades}</dd>
          </dl></div></Card>
          <Card title="Worker" note={data.worker ? `process ${data.worker.pid}` : "none in service"}><div class="body">{data.worker ? <dl class="facts">
            <dt>Up</dt><dd>{span(data.worker.uptimeMs)}</dd><dt>Resident</dt><dd>{bytes(data.worker.rssBytes)}</dd><dt>Requests</dt><dd>{count(data.worker.requests)}, {count(data.worker.inFlight)} in flight</dd>
            <dt>Threads</dt><dd>{count(data.worker.threads)}{data.worker.lostThreads > 0 && <span class="bad">, {data.worker.lostThreads} lost</span>}</dd><dt>Restarts</dt><dd>{count(data.worker.restarts)}</dd><dt>Hand-overs</dt><dd>{count(data.worker.handOvers)}</dd>
          </dl> : <p class="warn">A new one is being started.</p>}</div></Card>
          {data.draining.length > 0 && <Card title="Draining" note={plural(data.draining.length, "replaced worker")}><ul class="list">{data.draining.map((old) => <li key={old.pid}><Icon.clock /><div class="what">process {old.pid}, epoch {old.epoch}: {plural(old.inFlight, "request")} in flight on {plural(old.connections, "connection")}<div class="soft">{bytes(old.rssBytes)}, {span(old.uptimeMs)} old</div></div></li>)}</ul></Card>}
        </div>
      )}
      <p class="soft"><a href="/admin/licenses.txt">Licences of what this page is made of</a></p>
    </>
  );
}
