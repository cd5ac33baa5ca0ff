import { useRef, useState } from "preact/hooks";
import { part, query } from "../api/client";
import { useResource } from "../api/resource";
import { handlers } from "../api/traffic";
import type { Collection, Domain, Endpoint, Page } from "../api/types";
import { plural, rate, span } from "../app/format";
import { Link } from "../app/router";
import { may } from "../app/session";
import { Button, Card, Empty, Method, Pending, Pill } from "../view/basics";
import { Icon } from "../view/icons";
import { CollectionForm, DomainForm } from "./catalog-forms";
import { Head } from "./page";

const states = ["live", "compiled", "created", "compiling", "failed", "draining", "quarantined", "disabled"];

export function Endpoints() {
  const [words, setWords] = useState("");
  const [state, setState] = useState("");
  const domains = useResource<Page<Domain>>("/domains?limit=1000", ["endpoint"]);
  const collections = useResource<Page<Collection>>("/collections?limit=1000", ["endpoint"]);
  const endpoints = useResource<Page<Endpoint>>(`/endpoints${query({ limit: 1000, q: words, state })}`, ["endpoint", "deployment", "epoch"]);
  const [form, setForm] = useState<{ domain: Domain | "new" } | { collection: Collection | "new"; in?: string }>();
  const filtered = words !== "" || state !== "";
  const last = useRef(endpoints.data);
  const listed = last.current = endpoints.data ?? last.current; // what was found stays until what is asked for now is
  const all = listed?.items ?? [];
  const loose = all.filter((endpoint) => !endpoint.collection);
  const nothing = listed && all.length === 0 && !filtered;
  const error = endpoints.error ?? domains.error ?? collections.error;
  return (
    <>
      <Head title="Endpoints" actions={<>
        <Button icon={Icon.globe} disabled={!may("deploy")} onClick={() => setForm({ domain: "new" })}>Domain</Button>
        <Button icon={Icon.boxes} disabled={!may("deploy")} onClick={() => setForm({ collection: "new" })}>Collection</Button>
        <Link to="/endpoints/new" class="button primary"><Icon.plus />New endpoint</Link>
      </>}>Each answers a method and a path with code of yours, by domain and collection.</Head>
      {!nothing && (
        <div class="row wraps">
          <input class="input" style={{ maxWidth: "320px" }} type="search" aria-label="Filter endpoints" placeholder="Name or path" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
          <select class="input" style={{ width: "auto" }} aria-label="State" value={state} onChange={(event) => setState(event.currentTarget.value)}><option value="">All states</option>{states.map((name) => <option key={name}>{name}</option>)}</select>
        </div>
      )}
      {!listed || !domains.data || !collections.data ? <Card><Pending error={error} /></Card> : nothing ? <Teach /> : (
        <>
          {domains.data.items.map((domain) => {
            const own = collections.data!.items.filter((collection) => collection.domain === domain.id);
            const shown = own.filter((collection) => !filtered || all.some((endpoint) => endpoint.collection === collection.id));
            if (filtered && shown.length === 0) return null;
            return (
              <Card key={domain.id} title={<span class="row"><Icon.globe />{domain.host === "*" ? "Every host" : <code>{domain.host}</code>}</span>} note={domain.description} actions={may("deploy") && <>
                <Button kind="quiet small" icon={Icon.plus} onClick={() => setForm({ collection: "new", in: domain.id })}>Collection</Button>
                <Button kind="quiet small" icon={Icon.settings} label={`Change the domain ${domain.host}`} onClick={() => setForm({ domain })} />
              </>}>
                {shown.length === 0 && <Empty icon={Icon.boxes} title="No collection yet"><p>A collection groups endpoints below a path, such as <code>/v1</code>, and holds the source that they share.</p></Empty>}
                {shown.map((collection) => (
                  <section class="tree-group" key={collection.id} aria-label={collection.name}>
                    <header><h3>{collection.name}</h3><span class="path">{collection.basePath || "/"}</span><span class="soft truncate grow">{collection.description}</span>
                      {may("deploy") && <><Link class="button quiet small" to={`/endpoints/new?collection=${collection.id}`}><Icon.plus />Endpoint</Link><Button kind="quiet small" icon={Icon.settings} label={`Change the collection ${collection.name}`} onClick={() => setForm({ collection })} /></>}</header>
                    <Rows label={collection.name} endpoints={all.filter((endpoint) => endpoint.collection === collection.id)} />
                  </section>
                ))}
              </Card>
            );
          })}
          {loose.length > 0 && <Card title="Deployed as libraries" note="with the command line; not in a collection"><Rows label="Deployed as libraries" endpoints={loose} /></Card>}
          {filtered && all.length === 0 && <Card><Empty icon={Icon.search} title="No endpoint fits" /></Card>}
          <p class="soft">{plural(all.length, "endpoint")}</p>
        </>
      )}
      {form && "domain" in form && <DomainForm domain={form.domain === "new" ? undefined : form.domain} onClose={() => setForm(undefined)} />}
      {form && "collection" in form && <CollectionForm collection={form.collection === "new" ? undefined : form.collection} domains={domains.data?.items ?? []} within={form.in} onClose={() => setForm(undefined)} />}
    </>
  );
}

function Rows({ label, endpoints }: { label: string; endpoints: Endpoint[] }) {
  if (endpoints.length === 0) return <p class="body soft" style={{ padding: "4px 16px 14px" }}>No endpoint here yet.</p>;
  return (
    <div class="scroll" role="region" aria-label={`Endpoints of ${label}`} tabIndex={0}>
      <table>
        <thead><tr><th>Endpoint</th><th>State</th><th>Name</th><th>Version</th><th class="number">Requests/s</th><th class="number">p99</th></tr></thead>
        <tbody>
          {endpoints.map((endpoint) => {
            const figures = handlers.value.get(endpoint.name);
            return (
              <tr key={endpoint.id}>
                <td class="nowrap"><Method name={endpoint.method ?? endpoint.routes[0]?.method ?? ""} /> <Link to={`/endpoints/${part(endpoint.id)}`}><code>{endpoint.pattern ?? endpoint.routes[0]?.pattern ?? endpoint.name}</code></Link>{!endpoint.pattern && endpoint.routes.length > 1 && <span class="soft"> and {endpoint.routes.length - 1} more</span>}</td>
                <td><span title={endpoint.stateReason ?? undefined}><Pill state={endpoint.state} /></span></td>
                <td>{endpoint.name}</td>
                <td class="soft nowrap">{endpoint.live ? endpoint.live.version ? `v${endpoint.live.version}` : endpoint.live.release : "–"}</td>
                <td class="number">{figures ? rate(figures.requests.at(-1) ?? 0) : "–"}</td>
                <td class="number">{figures ? span(figures.p99) : "–"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const Teach = () => (
  <Card>
    <Empty icon={Icon.code} title="Your first endpoint" actions={<><Link to="/endpoints/new" class="button primary"><Icon.plus />New endpoint</Link></>}>
      <p>An endpoint is a method, a path and a few lines of C#. Pick a template, press Deploy, and it answers; a version that fails is never put in the place of one that serves.</p>
    </Empty>
  </Card>
);
