import { useState } from "preact/hooks";
import { get, post } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Collection, Domain, Endpoint, Page, Template } from "../api/types";
import { go, place } from "../app/router";
import { arrows } from "../view/arrows";
import { Button, Card, Choice, Form, Pending, TextField } from "../view/basics";
import { Head } from "./page";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const first = "first";

// Where a gateway brings no templates.
const blank = [{ name: "Handler.cs", text: "using EdgeGw;\n\npublic static class Endpoint\n{\n    [Handler]\n    public static Response Answer(Request request) => Response.Text(\"Hello\");\n}\n" }];

/** What is not typed is the template's, whenever that comes. */
interface Typed { template?: string; collection?: string; name?: string; method?: string; path?: string }

export function NewEndpoint() {
  const templates = useResource<Page<Template>>("/templates");
  const collections = useResource<Page<Collection>>("/collections?limit=1000");
  const [typed, setTyped] = useState<Typed>({ collection: place.value.search.get("collection") ?? "" });
  const type = (more: Typed) => setTyped((before) => ({ ...before, ...more }));
  const choose = (id: string) => type({ template: id, method: undefined, path: undefined });
  const known = templates.data?.items ?? [];
  const template = known.find(({ id }) => id === typed.template) ?? known[0];
  const name = typed.name ?? template?.id ?? "";
  const method = typed.method ?? template?.method ?? "GET";
  const path = typed.path ?? template?.path ?? "/hello";
  const home = typed.collection || collections.data?.items[0]?.id || first;
  const create = async () => {
    const endpoint = await post<Endpoint>("/endpoints", {
      collection: home === first ? await firstCollection() : home, name, method, path, description: template?.description ?? "", kind: "source",
      source: { files: template?.files ?? blank, packages: [] }, services: {}, limits: {}, settings: {},
    });
    await refreshAll("/endpoints");
    go(`/endpoints/${endpoint.id}`);
  };
  const ready = collections.data && (templates.data ?? templates.error);
  return (
    <>
      <Head title="New endpoint" above={["/endpoints", "Endpoints"]}>Begin with what is nearest to what it will do; all of it can be changed.</Head>
      {templates.error?.status !== 404 && <Card title="Template">
        {!templates.data ? <Pending error={templates.error} /> : (
          <div class="body choices" role="radiogroup" aria-label="Template" onKeyDown={(event) => arrows(event, known.map(({ id }) => id), template?.id ?? "", choose, true)}>
            {known.map((one) => <button type="button" class="choice" role="radio" key={one.id} data-key={one.id} aria-checked={one === template} tabIndex={one === template ? 0 : -1} onClick={() => choose(one.id)}><strong>{one.title}</strong><span>{one.description}</span></button>)}
          </div>
        )}
      </Card>}
      <Card title="Where it answers">
        <div class="body">
          <Form onSend={create} ends={<div class="row"><Button kind="primary" type="submit" disabled={!name || !path.startsWith("/") || !ready}>Create and open the editor</Button></div>}>
            <div class="form two">
              <Choice label="Collection" value={home} onValue={(collection) => type({ collection })} options={collections.data?.items.length ? collections.data.items.map((one) => [one.id, `${one.name} (${one.host === "*" ? "" : one.host}${one.basePath || "/"})`]) : [[first, "Default (made with it, for every host)"]]} />
              <TextField label="Name" value={name} onValue={(text) => type({ name: text })} required hint="Unique; also the handler's name in logs and metrics." />
              <Choice label="Method" value={method} onValue={(text) => type({ method: text })} options={methods.map((one) => [one, one])} />
              <TextField label="Path" value={path} onValue={(text) => type({ path: text })} mono required hint={<>Below the collection's; <code>{"{name}"}</code> is a parameter.</>} />
            </div>
          </Form>
        </div>
      </Card>
    </>
  );
}

async function firstCollection() {
  const { items } = await get<Page<Domain>>("/domains?limit=1000");
  const domain = items.find((known) => known.host === "*") ?? (await post<Domain>("/domains", { host: "*", description: "Every host" }));
  return (await post<Collection>("/collections", { domain: domain.id, name: "Default", basePath: "", description: "", shared: [] })).id;
}
