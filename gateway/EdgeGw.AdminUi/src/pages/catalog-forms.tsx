// Domains and collections: what endpoints are grouped by.
import { useState } from "preact/hooks";
import { Problem, get, post, put, remove } from "../api/client";
import { refreshAll } from "../api/resource";
import type { Collection, Domain, SourceFile } from "../api/types";
import { plural } from "../app/format";
import { Button, Choice, Field, Form, TextField } from "../view/basics";
import { ask, Dialog } from "../view/dialog";

const refresh = () => Promise.all([refreshAll("/domains"), refreshAll("/collections"), refreshAll("/endpoints")]);

async function saved(change: Promise<unknown>) {
  try {
    await change;
  } catch (error) {
    throw error instanceof Problem && error.status === 412 ? new Problem(412, "Somebody else has changed it meanwhile.", "Close this and look at what it is now; nothing of theirs was overwritten.", [], {}) : error;
  }
  await refresh();
}

export function DomainForm({ domain, onClose }: { domain: Domain | undefined; onClose: () => void }) {
  const [host, setHost] = useState(domain?.host ?? "");
  const [description, setDescription] = useState(domain?.description ?? "");
  const body = { host: host.trim(), description };
  const send = async () => {
    await saved(domain ? put(`/domains/${domain.id}`, body, domain.revision) : post("/domains", body));
    onClose();
  };
  return (
    <Dialog title={domain ? `Change ${domain.host}` : "New domain"} onClose={onClose}>
      <Form onSend={send} ends={(
        <div class="ends">
          {domain && <Button kind="danger" disabled={domain.collections > 0} onClick={() => ask({ title: `Remove ${domain.host}?`, text: <p>It has no collection.</p>, action: "Remove", danger: true, run: async () => { await remove(`/domains/${domain.id}`, domain.revision); onClose(); await refresh(); } })}>Remove</Button>}
          <span class="grow" /><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" disabled={!host}>{domain ? "Save" : "Create"}</Button>
        </div>
      )}>
        <TextField label="Host" value={host} onValue={setHost} required autofocus mono hint={<>A name such as <code>api.example.com</code>, a wildcard such as <code>*.example.com</code>, or <code>*</code> for every host.</>} />
        <TextField label="Description" value={description} onValue={setDescription} />
      </Form>
    </Dialog>
  );
}

export function CollectionForm({ collection, domains, within, onClose }: { collection: Collection | undefined; domains: Domain[]; within: string | undefined; onClose: () => void }) {
  const [domain, setDomain] = useState(collection?.domain ?? within ?? domains[0]?.id ?? "");
  const [name, setName] = useState(collection?.name ?? "");
  const [basePath, setBasePath] = useState(collection?.basePath ?? "");
  const [description, setDescription] = useState(collection?.description ?? "");
  const save = async () => {
    const home = domain || domains[0]?.id || (await post<Domain>("/domains", { host: "*", description: "" })).id;
    setDomain(home); // it is there now, whatever becomes of the collection
    const common = { domain: home, name, basePath, description };
    if (!collection) return post("/collections", { ...common, shared: [] });
    // Lists leave the shared files out; a change says everything.
    const shared: SourceFile[] = (await get<Collection>(`/collections/${collection.id}`)).shared ?? [];
    return put(`/collections/${collection.id}`, { ...common, shared }, collection.revision);
  };
  const send = async () => {
    await saved(save());
    onClose();
  };
  return (
    <Dialog title={collection ? `Change ${collection.name}` : "New collection"} onClose={onClose}>
      <Form onSend={send} ends={(
        <div class="ends">
          {collection && <Button kind="danger" disabled={collection.endpoints > 0} title={collection.endpoints > 0 ? `It has ${plural(collection.endpoints, "endpoint")}.` : undefined} onClick={() => ask({ title: `Remove ${collection.name}?`, text: <p>It has no endpoint.</p>, action: "Remove", danger: true, run: async () => { await remove(`/collections/${collection.id}`, collection.revision); onClose(); await refresh(); } })}>Remove</Button>}
          <span class="grow" /><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" disabled={!name}>{collection ? "Save" : "Create"}</Button>
        </div>
      )}>
        {domains.length > 0 ? <Choice label="Domain" value={domain} onValue={setDomain} options={domains.map((known) => [known.id, known.host === "*" ? "* (every host)" : known.host])} /> : <Field label="Domain" hint="The first one is made with it, for every host.">{(ids) => <input {...ids} class="input" value="*" disabled />}</Field>}
        <TextField label="Name" value={name} onValue={setName} required autofocus />
        <TextField label="Base path" value={basePath} onValue={setBasePath} mono placeholder="/v1" hint="Put before the path of each endpoint; empty for none." />
        <TextField label="Description" value={description} onValue={setDescription} />
      </Form>
    </Dialog>
  );
}
