import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { part, post, query, remove } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Collection, Compiler, Endpoint as Document, Status } from "../api/types";
import { date } from "../app/format";
import { go, guard, place } from "../app/router";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Empty, Method, Notice, Pending, Pill, Tabs } from "../view/basics";
import { ask } from "../view/dialog";
import { Icon } from "../view/icons";
import { Tester } from "../view/tester";
import { Activity } from "./endpoint/activity";
import { useBuilding } from "./endpoint/building";
import { useChecking } from "./endpoint/checking";
import { Code } from "./endpoint/code";
import { Conflict } from "./endpoint/conflict";
import { useDraft } from "./endpoint/draft";
import { Settings } from "./endpoint/settings";
import { Trial, useCanary } from "./endpoint/trial";
import { Versions } from "./endpoint/versions";
import { Head } from "./page";

export function Endpoint({ params }: { params: Record<string, string> }) {
  const { data, error } = useResource<Document>(`/endpoints/${part(params.id!)}`, ["endpoint", "deployment", "epoch", "quarantine"]);
  if (!data) return <><Head title="Endpoint" above={["/endpoints", "Endpoints"]} />{error?.status === 404 ? <Card><Empty icon={Icon.search} title="This endpoint is no more"><p>Somebody has removed it.</p></Empty></Card> : <Card><Pending error={error} /></Card>}</>;
  return <Page key={data.id} endpoint={data} gone={error?.status === 404} />;
}

function Page({ endpoint, gone }: { endpoint: Document; gone: boolean }) {
  const drafting = useDraft(endpoint);
  const building = useBuilding(endpoint.id, endpoint.build?.id);
  const { data: compiler, error: none } = useResource<Compiler>("/compiler");
  const { data: status } = useResource<Status>("/status");
  const { data: collection } = useResource<Collection>(endpoint.collection ? `/collections/${endpoint.collection}` : undefined);
  const canary = useCanary(endpoint.name);
  const [conflict, setConflict] = useState(false);
  const source = endpoint.kind === "source" && endpoint.source !== undefined;
  const [tab, setTab] = useState(place.value.search.get("tab") ?? (source ? "code" : "activity"));
  const { draft, dirty, theirs } = drafting;
  useLayoutEffect(() => {
    guard.ask = () => (!drafting.dirty ? undefined : drafting.kept ? "What you have written is kept in this browser, but not saved. Leave the page?" : "What you have written is not saved, and this browser has no room to keep it. Leave the page?");
    return () => { delete guard.ask; };
  }, []);
  const save = async () => {
    const written = drafting.dirty;
    const saved = await drafting.save();
    if (!saved) setConflict(true);
    else if (written) toast({ kind: "good", title: `${draft.name} is saved` });
    return saved;
  };
  const beginning = useRef(false);
  const build = async (what: "compile" | "deploy", canary?: number) => {
    if (beginning.current || building.under) return; // keys come faster than a save is done
    beginning.current = true;
    try {
      if (!await save()) return;
    } finally {
      beginning.current = false;
    }
    await building.start(what, canary);
  };
  const off = !may("compile") ? "This needs the scope compile." : none?.status === 404 ? "This gateway has no compiler." : compiler && !compiler.enabled ? "Compiling is switched off on this gateway (Compile:Enabled)." : compiler && !compiler.available ? compiler.reason ?? "The compiler is not available." : undefined;
  const checked = useChecking(draft, collection?.shared, building.build?.id, source && !off && !building.under && dirty);
  const pattern = !source ? endpoint.routes[0]?.pattern ?? "/" : collection && `${collection.basePath}${draft.path}`;
  const method = source ? draft.method : endpoint.routes[0]?.method ?? "GET";
  const tell = (run: Promise<unknown>) => void run.catch((caught: unknown) => toast({ kind: "bad", title: caught instanceof Error ? caught.message : String(caught) }));
  return (
    <>
      <Head above={["/endpoints", "Endpoints"]} title={<span class="row wraps">{draft.name} <Pill state={endpoint.state} />{canary && <span class="pill warn">canary {canary.percent} %</span>}</span>} actions={<>
        {dirty && <span class="soft">not saved</span>}
        {source && <>
          <Button onClick={save} disabled={!dirty || !may("deploy")} title="Ctrl S">Save</Button>
          <Button icon={Icon.hammer} disabled={!!off || building.under} title={off} onClick={() => build("compile")}>Compile</Button>
          <Button kind="primary" icon={Icon.rocket} busy={building.under && building.what === "deploy"} disabled={!!off || building.under} title={off ?? "Ctrl Enter"} onClick={() => build("deploy")}>Deploy</Button>
        </>}
        {endpoint.collection && <Button kind="quiet" icon={Icon.power} label={endpoint.enabled ? "Disable" : "Enable"} disabled={!may("deploy")} onClick={() => change(endpoint, endpoint.enabled ? "disable" : "enable")} />}
        {endpoint.collection && <Button kind="quiet" icon={Icon.trash} label="Remove" disabled={!may("deploy")} onClick={() => ask({ title: `Remove ${endpoint.name}?`, text: <p>It is taken out of service, and its source is gone from the catalog.</p>, action: "Remove", danger: true, run: async () => { await remove(`/endpoints/${endpoint.id}${query({ undeploy: endpoint.live ? true : undefined })}`, endpoint.revision); drafting.discard(); await refreshAll("/endpoints?"); }, then: () => go("/endpoints") })} />}
      </>}><Method name={method} /> <code>{pattern ?? draft.path}</code>{draft.description && <> · {draft.description}</>}</Head>

      {endpoint.stateReason && <Notice kind={endpoint.state === "quarantined" || endpoint.state === "failed" ? "bad" : "warn"} title={endpoint.stateReason} />}
      {source && off && <Notice kind="warn" title={off}><p>What you write can be saved; deploy a library with <code>edgegw deploy</code> meanwhile.</p></Notice>}
      {gone && <Notice kind="bad" title="Somebody has removed this endpoint."><p>Your text is still here: copy what you need.</p></Notice>}
      {drafting.restored && dirty && <Notice title={`This is your text of ${date(drafting.restored)}, which was not saved.`} actions={<Button kind="small" onClick={drafting.discard}>Discard it</Button>} />}
      {theirs && <Notice kind="warn" title="Somebody else has saved this endpoint while you edit it." actions={<Button kind="small" onClick={() => setConflict(true)}>Compare</Button>} />}

      <Tabs label="Endpoint" chosen={tab} onChoose={setTab} tabs={[...(source ? [["code", "Code"] as [string, string]] : []), ["activity", "Activity"], ["versions", "Versions"], ...(endpoint.collection ? [["settings", "Settings"] as [string, string]] : [])]} />
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} class="stack">
        {source && <div class="workbench" hidden={tab !== "code"}><Code files={draft.files} building={building} checked={checked} onChange={(change) => drafting.change((now) => ({ files: change(now.files) }))} onSave={() => tell(save())} onDeploy={() => { if (!off) tell(build("deploy")); }} /><Tester method={method} pattern={pattern} host={endpoint.host} listen={status?.listen ?? []} /></div>}
        {tab === "activity" && <Activity name={endpoint.name} />}
        {tab === "versions" && <><Trial endpoint={endpoint} canary={canary} building={building} off={off} onTry={(percent) => tell(build("deploy", percent))} onCode={() => setTab("code")} /><Versions endpoint={endpoint} files={draft.files} trial={canary?.sha256} /></>}
        {tab === "settings" && <Settings draft={draft} source={source} change={drafting.change} />}
      </div>
      {conflict && theirs && <Conflict mine={draft} theirs={theirs} onClose={() => setConflict(false)} onMine={() => { drafting.keepMine(); setConflict(false); toast({ kind: "info", title: "Your text is kept. Saving it replaces theirs." }); }} onTheirs={() => { drafting.discard(); setConflict(false); }} />}
    </>
  );
}

async function change(endpoint: Document, what: "enable" | "disable") {
  await post(`/endpoints/${endpoint.id}/${what}`);
  toast({ kind: "good", title: `${endpoint.name} is ${what}d` });
  await refreshAll("/endpoints");
}
