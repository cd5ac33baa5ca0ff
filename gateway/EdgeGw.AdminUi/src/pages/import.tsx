import { useEffect, useRef, useState } from "preact/hooks";
import { call, query } from "../api/client";
import { hear } from "../api/live";
import { refreshAll, useResource } from "../api/resource";
import type { Compiler, Domain, Page } from "../api/types";
import { span } from "../app/format";
import { go } from "../app/router";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Choice, Empty, Field, Notice, TextField, Trouble } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

interface Difference { kind: string; what: string; details: string[]; breaking: boolean }
interface Outcome { epoch: number | null; reason?: string; changed?: boolean; applied?: boolean; refusals?: string[]; deployed?: { endpoint: string; build: string | null }[]; elapsedMs: number; diff: Difference[] }

/** From elsewhere, all or nothing: what would change is shown first. */
export function Import() {
  return (
    <>
      <Head title="Import" actions={<a class="button" href="/api/v1/bundles/export" download="edgegw-bundle.zip"><Icon.download />Export what is deployed</a>}>From an OpenAPI document or a bundle. What would change is shown first; then all of it is done, or nothing.</Head>
      <div class="columns"><OpenApi /><Bundle /></div>
    </>
  );
}

/** A body that is tried first: what it would change, and the change itself. A preview holds for the body and the choices that it was made with. */
function usePreview(path: (dryRun: boolean) => string, type: string, done: (outcome: Outcome) => void) {
  const [body, setBody] = useState<File>();
  const [tried, setTried] = useState<{ body: File; path: string; outcome?: Outcome; error?: unknown }>();
  const [times, setTimes] = useState(0);
  const [applying, setApplying] = useState(false);
  const turn = useRef(0);
  const wanted = path(true);
  const holds = tried && tried.body === body && tried.path === wanted ? tried : undefined;
  const send = async (to: string, file: File) => {
    // A browser does not send a file that was written to since it was chosen, and would not say so.
    await file.slice(0, 1).arrayBuffer().catch(() => { throw new Error("The file has changed since it was chosen, or is gone; choose it again."); });
    // What is said of the file calls it by its name, as far as a header can hold it.
    return call<Outcome>("POST", to, { raw: file, type, headers: { "X-File-Name": file.name.replace(/[^ -~]/g, "_") } });
  };
  const look = async (chosen: File) => {
    const own = ++turn.current;
    const result = await send(wanted, chosen).then(({ data }) => ({ outcome: data }), (error: unknown) => ({ error }));
    if (own === turn.current) setTried({ body: chosen, path: wanted, ...result });
  };
  const choose = (chosen: File | undefined) => {
    setBody(chosen);
    if (chosen) void look(chosen);
  };
  return {
    preview: holds?.outcome, error: holds?.error, applying,
    /** Whether there is a body whose preview is one of other choices, or failed. */
    again: body && tried && !holds?.outcome ? () => look(body) : undefined,
    /** Another with each body that is through: the field for the file begins anew. */
    times,
    field: {
      // Emptied first: the same file, mended meanwhile, is a choice too.
      onClick: (event: MouseEvent) => {
        (event.currentTarget as HTMLInputElement).value = "";
        choose(undefined);
      },
      onChange: (event: Event) => choose((event.currentTarget as HTMLInputElement).files?.[0]),
    },
    apply: async () => {
      if (!body || !holds) return;
      setApplying(true);
      try {
        const { data } = await send(path(false), body);
        setBody(undefined);
        setTimes(times + 1);
        await refreshAll("/");
        done(data);
      } catch (error) {
        setTried({ ...holds, error });
      } finally {
        setApplying(false);
      }
    },
  };
}

function OpenApi() {
  const { data: domains } = useResource<Page<Domain>>("/domains?limit=1000");
  const [domain, setDomain] = useState("*");
  const [collection, setCollection] = useState("");
  const { data: compiler } = useResource<Compiler>("/compiler");
  const [deploy, setDeploy] = useState(false);
  const [force, setForce] = useState(false);
  const hosts = [...new Set(["*", ...(domains?.items.map((known) => known.host) ?? [])])];
  const trial = usePreview((dryRun) => `/imports/openapi${query({ domain, collection, deploy: deploy || undefined, force: (!dryRun && force) || undefined, dryRun: dryRun || undefined })}`, "application/yaml", (outcome) => {
    const served = outcome.epoch ? `Served since epoch ${outcome.epoch}.` : "Its endpoints are served once they are deployed.";
    toast({ kind: "good", title: outcome.applied ? "The document is imported" : "Nothing was different", detail: `In ${span(outcome.elapsedMs)}. ${outcome.applied ? served : ""}`, action: { label: "Endpoints", run: () => go("/endpoints") } });
  });
  const breaks = trial.preview?.diff.some((difference) => difference.breaking) ?? false;
  const due = trial.preview?.deployed?.length ?? 0;
  return (
    <Card title="OpenAPI document" note="3.0 or 3.1, YAML or JSON">
      <div class="body form">
        <p class="soft">Each operation becomes an endpoint with source that compiles as it is, each schema a record. Importing again changes what the document has changed, and leaves what you have written.</p>
        <Field label="Document">{(ids) => <input {...ids} key={trial.times} {...trial.field} type="file" class="input" accept=".yaml,.yml,.json,application/json" disabled={!may("deploy")} />}</Field>
        <div class="form two">
          <Choice label="Domain" value={domain} onValue={setDomain} options={hosts.map((host) => [host, host === "*" ? "* (every host)" : host])} />
          <TextField label="Collection" value={collection} onValue={setCollection} placeholder="the document's title" />
        </div>
        <label class="check"><input type="checkbox" checked={deploy} disabled={!may("compile") || compiler?.available !== true} onChange={(event) => setDeploy(event.currentTarget.checked)} />Compile the endpoints and serve them at once, all or none</label>
        {compiler && !compiler.available && <p class="soft">{compiler.reason}</p>}
        {trial.again && <div class="row"><Button icon={Icon.refresh} onClick={trial.again}>Look again</Button></div>}
        <Trouble error={trial.error} />
        {breaks && <label class="check"><input type="checkbox" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />Callers are let down by what is marked as breaking: go on all the same</label>}
      </div>
      {trial.preview && <Preview outcome={trial.preview} action={due > 0 ? `Import, compile ${due} and serve as one epoch` : "Import"} held={breaks && !force} due={due} onApply={trial.apply} />}
      {trial.applying && due > 0 && <Compiling due={due} />}
    </Card>
  );
}

/** How many of the builds that were begun since are over. */
function Compiling({ due }: { due: number }) {
  const [over, setOver] = useState(0);
  useEffect(() => hear((kind, data) => {
    if (kind === "build" && (data as { state: string }).state === "succeeded") setOver((before) => before + 1);
  }), []);
  return <div class="body" role="status"><progress max={due} value={Math.min(over, due)} aria-label="Endpoints compiled" /> <span class="soft">{Math.min(over, due)} of {due} compiled</span></div>;
}

function Bundle() {
  const [prune, setPrune] = useState(false);
  const [force, setForce] = useState(false);
  const trial = usePreview((dryRun) => `/bundles${query({ dryRun: dryRun || undefined, prune: prune || undefined, force: (!dryRun && force) || undefined })}`, "application/zip", (outcome) => {
    toast({ kind: "good", title: outcome.changed ? `Epoch ${outcome.epoch}: ${outcome.reason}` : "Nothing was different", detail: `One change, in ${span(outcome.elapsedMs)}.` });
  });
  const refusals = trial.preview?.refusals ?? [];
  return (
    <Card title="Bundle" note="routes, services and libraries as one epoch">
      <div class="body form">
        <p class="soft">As <code>edgegw export</code> writes it, or a folder with a <code>bundle.yaml</code>, zipped.</p>
        <Field label="Archive (.zip)">{(ids) => <input {...ids} key={trial.times} {...trial.field} type="file" class="input" accept=".zip,application/zip" disabled={!may("deploy") || !may("services")} />}</Field>
        <label class="check"><input type="checkbox" checked={prune} onChange={(event) => setPrune(event.currentTarget.checked)} />Take out of service what the bundle does not have</label>
        {trial.again && <div class="row"><Button icon={Icon.refresh} onClick={trial.again}>Look again</Button></div>}
        <Trouble error={trial.error} />
        {refusals.length > 0 && <><Notice kind="warn" title="It lets somebody down:"><ul>{refusals.map((refusal) => <li key={refusal}>{refusal}</li>)}</ul></Notice><label class="check"><input type="checkbox" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />Apply it all the same</label></>}
      </div>
      {trial.preview && <Preview outcome={trial.preview} action="Apply as one epoch" held={refusals.length > 0 && !force} onApply={trial.apply} />}
    </Card>
  );
}

const tones: Record<string, string> = { added: "good", changed: "accent", removed: "bad", conflict: "warn" };

function Preview({ outcome, action, held, due = 0, onApply }: { outcome: Outcome; action: string; held?: boolean; due?: number; onApply: () => Promise<void> }) {
  const different = outcome.diff.filter((difference) => difference.kind !== "unchanged");
  return (
    <section aria-label="What would change" style={{ borderTop: "1px solid var(--line)" }}>
      {different.length === 0 && due === 0 ? <Empty icon={Icon.done} title="Nothing is different"><p>The gateway is already what it says.</p></Empty> : (
        <>
          <ul class="list">
            {different.map((difference) => <li key={difference.what}><span class={`pill ${tones[difference.kind] ?? ""}`}>{difference.kind}</span><div class="what wrap"><strong>{difference.what}</strong>{difference.details.map((detail) => <div class="soft" key={detail}>{detail}</div>)}</div>{difference.breaking && <span class="pill warn">breaking</span>}</li>)}
          </ul>
          <div class="body row"><Button kind="primary" icon={Icon.rocket} disabled={held} onClick={onApply}>{action}</Button><span class="soft">{different.length} of {outcome.diff.length}</span></div>
        </>
      )}
    </section>
  );
}
