import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Collection, Domain, Endpoint, Page, Template } from "../api/types";
import { go, place } from "../app/router";
import { Button, Card, Choice, Pending, TextField, Trouble } from "../view/basics";
import { Head } from "./page";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const first = "first";

// Where a gateway brings no templates.
const blank = [{ name: "Handler.cs", text: "using EdgeGw;\n\npublic static class Endpoint\n{\n    [Handler]\n    public static Response Answer(Request request) => Response.Text(\"Hello\");\n}\n" }];

export function NewEndpoint() {
  const templates = useResource<Page<Template>>("/templates");
  const collections = useResource<Page<Collection>>("/collections?limit=1000");
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const [method, setMethod] = useState("GET");
  const [path, setPath] = useState("/hello");
  const [collection, setCollection] = useState(place.value.search.get("collection") ?? "");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const template = templates.data?.items.find((known) => known.id === chosen);
  const pick = (picked: Template) => {
    setChosen(picked.id);
    setMethod(picked.method);
    setPath(picked.path);
    if (!name || templates.data?.items.some((known) => known.id === name)) setName(picked.id);
  };
  useEffect(() => { if (!chosen && templates.data?.items[0]) pick(templates.data.items[0]); }, [templates.data]);
  const home = collection || collections.data?.items[0]?.id || first;
  const create = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const endpoint = await post<Endpoint>("/endpoints", {
        collection: home === first ? await firstCollection() : home, name, method, path, description: template?.description ?? "", kind: "source",
        source: { files: template?.files ?? blank, packages: [] }, services: {}, limits: {}, settings: {},
      });
      await refreshAll("/endpoints");
      go(`/endpoints/${endpoint.id}`);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  };
  return (
    <>
      <Head title="New endpoint" above={["/endpoints", "Endpoints"]}>Begin with what is nearest to what it will do; all of it can be changed.</Head>
      {templates.error?.status !== 404 && <Card title="Template">
        {!templates.data ? <Pending error={templates.error} /> : (
          <div class="body choices" role="radiogroup" aria-label="Template">
            {templates.data.items.map((known) => <button type="button" class="choice" role="radio" key={known.id} aria-checked={known.id === chosen} onClick={() => pick(known)}><strong>{known.title}</strong><span>{known.description}</span></button>)}
          </div>
        )}
      </Card>}
      <Card title="Where it answers">
        <form class="body form" onSubmit={(event) => { event.preventDefault(); void create(); }}>
          <div class="form two">
            <Choice label="Collection" value={home} onValue={setCollection} options={collections.data?.items.length ? collections.data.items.map((known) => [known.id, `${known.name} (${known.host === "*" ? "" : known.host}${known.basePath || "/"})`]) : [[first, "Default (made with it, for every host)"]]} />
            <TextField label="Name" value={name} onValue={setName} required hint="Unique; also the handler's name in logs and metrics." />
            <Choice label="Method" value={method} onValue={setMethod} options={methods.map((known) => [known, known])} />
            <TextField label="Path" value={path} onValue={setPath} mono required hint={<>Below the collection's; <code>{"{name}"}</code> is a parameter.</>} />
          </div>
          <Trouble error={error} />
          <div class="row"><Button kind="primary" type="submit" busy={busy} disabled={!name || !path.startsWith("/") || !collections.data}>Create and open the editor</Button></div>
        </form>
      </Card>
    </>
  );
}

async function firstCollection() {
  const { items } = await get<Page<Domain>>("/domains?limit=1000");
  const domain = items.find((known) => known.host === "*") ?? (await post<Domain>("/domains", { host: "*", description: "Every host" }));
  return (await post<Collection>("/collections", { domain: domain.id, name: "Default", basePath: "", description: "", shared: [] })).id;
}
