import { useState } from "preact/hooks";
import { post, query, remove } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Provider, Service } from "../api/types";
import { count, plural, span } from "../app/format";
import { place } from "../app/router";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Empty, Pending, Pill } from "../view/basics";
import { ask } from "../view/dialog";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { Secrets } from "./secrets";
import { ServiceForm } from "./service-form";

const drawn: Record<string, typeof Icon.database> = { database: Icon.database, cache: Icon.zap, storage: Icon.disk, http: Icon.earth };
const pathOf = (service: Service) => `/services/${service.kind}/${service.name}`;

export function Services() {
  const { data, error } = useResource<{ services: Service[] }>("/services", ["epoch"], 4000);
  const { data: known } = useResource<{ providers: Provider[] }>("/services/providers");
  const [editing, setEditing] = useState<Service | "new">();
  const wanted = place.value.search.get("of");
  return (
    <>
      <Head title="Services" actions={<Button kind="primary" icon={Icon.plus} disabled={!known || !may("services")} onClick={() => setEditing("new")}>Add a service</Button>}>Databases, caches, storages and HTTP clients that handlers use by name. A change makes new connections beside the old ones and switches.</Head>
      {!data ? <Card><Pending error={error} /></Card> : data.services.length > 0 && (
        <Card>
          <div class="scroll" role="region" aria-label="Services" tabIndex={0}>
            <table>
              <thead><tr><th>Service</th><th>State</th><th>Provider</th><th class="number">Calls</th><th class="number">Errors</th><th class="number">Busy</th><th class="number">Queued</th><th>Used by</th><th><span class="unseen">Actions</span></th></tr></thead>
              <tbody>{data.services.map((service) => <Row key={`${service.kind}:${service.name}`} service={service} wanted={wanted === `${service.kind}:${service.name}`} onEdit={() => setEditing(service)} />)}</tbody>
            </table>
          </div>
        </Card>
      )}
      {data?.services.length === 0 && <Card><Empty icon={Icon.database} title="No service is configured"><p>Handlers ask for a service by its name, such as <code>database:main</code>. SQLite, the cache in memory and the storage in a directory need no server of their own.</p></Empty></Card>}
      <Secrets />
      {editing && known && <ServiceForm providers={known.providers} service={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function Row({ service, wanted, onEdit }: { service: Service; wanted: boolean; onEdit: () => void }) {
  const { health } = service;
  const test = async () => {
    const { ms } = await post<{ ms: number }>("/services/test", { kind: service.kind, name: service.name, provider: service.provider, settings: service.settings, poolSize: service.poolSize, queueLength: service.queueLength, timeoutMs: service.timeoutMs });
    toast({ kind: "good", title: `${service.kind}:${service.name} answered in ${span(ms)}`, detail: "Connecting included." });
  };
  const used = service.handlers.length > 0;
  const change = (action: string, danger: boolean, run: () => Promise<unknown>) => ask({
    title: `${action} ${service.kind}:${service.name}?`, danger, action,
    text: used ? <p><strong>{plural(service.handlers.length, "handler uses it", "handlers use it")}</strong>: {service.handlers.map((use) => use.handler).join(", ")}. Their calls of it will fail at once.</p> : <p>No handler uses it.</p>,
    run: async () => { await run(); await refreshAll("/services"); },
  });
  const enabled = async (on: boolean) => { await post(`${pathOf(service)}/${on ? "enable" : "disable"}${query({ force: used || undefined })}`); await refreshAll("/services"); };
  const off = !may("services");
  return (
    <tr aria-current={wanted || undefined}>
      <td><span class="row">{(drawn[service.kind] ?? Icon.boxes)({})}<span><span class="soft">{service.kind}:</span><strong>{service.name}</strong></span></span></td>
      <td>{health ? <span title={health.error ?? undefined}><Pill state={health.state} /></span> : <Pill state={service.enabled ? "" : "disabled"}>{service.enabled ? "unknown" : "disabled"}</Pill>}{health?.error && <div class="soft wrap">{health.error}</div>}</td>
      <td>{service.provider}{service.builtIn && <span class="soft"> built in</span>}</td>
      <td class="number">{count(health?.calls ?? 0)}</td><td class={`number ${health?.errors ? "bad" : ""}`}>{count(health?.errors ?? 0)}</td><td class="number">{count(health?.busy ?? 0)}</td><td class="number">{count(health?.queued ?? 0)}</td>
      <td>{used ? service.handlers.map((use) => use.handler).join(", ") : <span class="soft">nobody</span>}</td>
      <td class="acts"><span class="row">
        <Button kind="small" icon={Icon.zap} disabled={off} onClick={test}>Test</Button>
        <Button kind="quiet small" icon={Icon.settings} label={`Change ${service.kind}:${service.name}`} disabled={off} onClick={onEdit} />
        {service.enabled ? <Button kind="quiet small" icon={Icon.power} label={`Disable ${service.kind}:${service.name}`} disabled={off} onClick={() => change("Disable", used, () => enabled(false))} /> : <Button kind="small" disabled={off} onClick={() => enabled(true)}>Enable</Button>}
        {!service.builtIn && <Button kind="quiet small" icon={Icon.trash} label={`Remove ${service.kind}:${service.name}`} disabled={off} onClick={() => change("Remove", true, () => remove(`${pathOf(service)}${query({ force: used || undefined })}`))} />}
      </span></td>
    </tr>
  );
}
