import { useRef, useState } from "preact/hooks";
import { call, query } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Domain, Page } from "../api/types";
import { span } from "../app/format";
import { go } from "../app/router";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Choice, Empty, Field, Notice, TextField, Trouble } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

interface Difference { kind: string; what: string; details: string[]; breaking: boolean }
interface Outcome { epoch: number | null; reason?: string; changed?: boolean; applied?: boolean; refusals?: string[]; elapsedMs: number; diff: Difference[] }

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
  const [body, setBody] = useState<Blob>();
  const [tried, setTried] = useState<{ body: Blob; path: string; outcome?: Outcome; error?: unknown }>();
  const [times, setTimes] = useState(0);
  const turn = useRef(0);
  const wanted = path(true);
  const holds = tried && tried.body === body && tried.path === wanted ? tried : undefined;
  const look = async (chosen: Blob) => {
    const own = ++turn.current;
    const send = () => call<Outcome>("POST", wanted, { raw: chosen, type });
    const result = await send().then(({ data }) => ({ outcome: data }), (error: unknown) => ({ error }));
    if (own === turn.current) setTried({ body: chosen, path: wanted, ...result });
  };
  return {
    preview: holds?.outcome, error: holds?.error,
    /** Whether there is a body whose preview is one of other choices, or failed. */
    again: body && tried && !holds?.outcome ? () => look(body) : undefined,
    /** Another with each body that is through: the field for the file begins anew. */
    times,
    choose: (chosen: Blob | undefined) => {
      setBody(chosen);
      if (chosen) void look(chosen);
    },
    apply: async () => {
      if (!body || !holds) return;
      try {
        const { data } = await call<Outcome>("POST", path(false), { raw: body, type });
        setBody(undefined);
        setTimes(times + 1);
        await refreshAll("/");
        done(data);
      } catch (error) {
        setTried({ ...holds, error });
      }
    },
  };
}

function OpenApi() {
  const { data: domains } = useResource<Page<Domain>>("/domains?limit=1000");
  const [domain, setDomain] = useState("*");
  const [collection, setCollection] = useState("");
  const hosts = [...new Set(["*", ...(domains?.items.map((known) => known.host) ?? [])])];
  const trial = usePreview((dryRun) => `/imports/openapi${query({ domain, collection, dryRun: dryRun || undefined })}`, "application/yaml", (outcome) => {
    toast({ kind: "good", title: outcome.applied ? "The document is imported" : "Nothing was different", detail: `In ${span(outcome.elapsedMs)}. Its endpoints are served once they are deployed.`, action: { label: "Endpoints", run: () => go("/endpoints") } });
  });
  return (
    <Card title="OpenAPI document" note="3.0 or 3.1, YAML or JSON">
      <div class="body form">
        <p class="soft">Each operation becomes an endpoint with source that compiles as it is, each schema a record. Importing again changes what the document has changed, and leaves what you have written.</p>
        <Field label="Document">{(ids) => <input {...ids} key={trial.times} type="file" class="input" accept=".yaml,.yml,.json,application/json" disabled={!may("deploy")} onChange={(event) => trial.choose(event.currentTarget.files?.[0])} />}</Field>
        <div class="form two">
          <Choice label="Domain" value={domain} onValue={setDomain} options={hosts.map((host) => [host, host === "*" ? "* (every host)" : host])} />
          <TextField label="Collection" value={collection} onValue={setCollection} placeholder="the document's title" />
        </div>
        {trial.again && <div class="row"><Button icon={Icon.refresh} onClick={trial.again}>Look again</Button></div>}
        <Trouble error={trial.error} />
      </div>
      {trial.preview && <Preview outcome={trial.preview} action="Import" onApply={trial.apply} />}
    </Card>
  );
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
        <Field label="Archive (.zip)">{(ids) => <input {...ids} key={trial.times} type="file" class="input" accept=".zip,application/zip" disabled={!may("deploy") || !may("services")} onChange={(event) => trial.choose(event.currentTarget.files?.[0])} />}</Field>
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

function Preview({ outcome, action, held, onApply }: { outcome: Outcome; action: string; held?: boolean; onApply: () => Promise<void> }) {
  const different = outcome.diff.filter((difference) => difference.kind !== "unchanged");
  return (
    <section aria-label="What would change" style={{ borderTop: "1px solid var(--line)" }}>
      {different.length === 0 ? <Empty icon={Icon.done} title="Nothing is different"><p>The gateway is already what it says.</p></Empty> : (
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
