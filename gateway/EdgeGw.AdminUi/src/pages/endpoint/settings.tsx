import { useState } from "preact/hooks";
import type { Collection, Limits, Page, Service } from "../../api/types";
import { useResource } from "../../api/resource";
import { Button, Card, Choice, TextField } from "../../view/basics";
import { Icon } from "../../view/icons";
import type { Draft } from "./draft";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const limits: [keyof Limits, string, string][] = [
  ["deadlineMs", "Deadline", "Milliseconds until the client is answered 504."],
  ["hardDeadlineMs", "Hard deadline", "Milliseconds after it until the version is given up."],
  ["concurrency", "At once, each route", "Requests inside the handler; more wait."],
  ["totalConcurrency", "At once, all routes", "Over all its routes and versions."],
  ["serviceCallsPerSecond", "Service calls per second", "More are answered busy."],
  ["maxBodyBytes", "Largest body", "Bytes; a larger one is 413."],
  ["heapBytes", "Heap", "Bytes; beyond them requests fail, the gateway does not."],
];

/** Everything of an endpoint but its code. It is saved and deployed with the code. */
export function Settings({ draft, source, change }: { draft: Draft; source: boolean; change: (part: Partial<Draft>) => void }) {
  const { data: collections } = useResource<Page<Collection>>("/collections?limit=1000");
  const { data: services } = useResource<{ services: Service[] }>("/services");
  return (
    <div class="columns">
      <Card title="Route"><div class="body form">
        <div class="form two">
          <TextField label="Name" value={draft.name} onValue={(name) => change({ name })} />
          <Choice label="Collection" value={draft.collection} onValue={(collection) => change({ collection })} options={(collections?.items ?? []).map((known) => [known.id, `${known.name} (${known.basePath || "/"})`])} />
          {source && <Choice label="Method" value={draft.method} onValue={(method) => change({ method })} options={[...new Set([draft.method, ...methods])].map((known) => [known, known])} />}
          {source && <TextField label="Path" value={draft.path} onValue={(path) => change({ path })} mono />}
        </div>
        <TextField label="Description" value={draft.description} onValue={(description) => change({ description })} />
      </div></Card>
      <Pairs title="Services" note="what the code asks for, and what it gets" left="Asked for" right="Service" pairs={draft.services} onPairs={(bound) => change({ services: bound })} example={["database:main", "database:pets"]} choices={(services?.services ?? []).map((service) => `${service.kind}:${service.name}`)} />
      <Card title="Limits" note="empty: the gateway's own"><div class="body form two">
        {limits.map(([key, label, hint]) => <TextField key={key} label={label} hint={hint} type="number" value={draft.limits[key]?.toString() ?? ""} onValue={(value) => { const { [key]: _, ...rest } = draft.limits; change({ limits: value === "" ? rest : { ...rest, [key]: Number(value) } }); }} />)}
      </div></Card>
      <Pairs title="Settings" note="read with context.Config" left="Key" right="Value" pairs={draft.settings} onPairs={(settings) => change({ settings })} example={["greeting", "Hello"]} />
      {source && <Pairs title="Packages" note="NuGet, one exact version each" left="Package" right="Version" pairs={Object.fromEntries(draft.packages.map((known) => [known.id, known.version]))} onPairs={(pairs) => change({ packages: Object.entries(pairs).map(([id, version]) => ({ id, version })) })} example={["Humanizer.Core", "3.0.1"]} />}
    </div>
  );
}

function Pairs({ title, note, left, right, pairs, onPairs, example, choices }: { title: string; note: string; left: string; right: string; pairs: Record<string, string>; onPairs: (pairs: Record<string, string>) => void; example: [string, string]; choices?: string[] }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const ready = key.trim() !== "" && value.trim() !== "";
  const add = () => { onPairs({ ...pairs, [key.trim()]: value.trim() }); setKey(""); setValue(""); };
  return (
    <Card title={title} note={note}>
      <div class="body form">
        {Object.entries(pairs).map(([name, text]) => <div class="row" key={name}><code class="grow wrap">{name}</code><Icon.forth class="icon soft" /><code class="grow wrap">{text}</code><Button kind="quiet small" icon={Icon.trash} label={`Remove ${name}`} onClick={() => { const { [name]: _, ...rest } = pairs; onPairs(rest); }} /></div>)}
        <form class="row" style={{ alignItems: "flex-end" }} onSubmit={(event) => { event.preventDefault(); if (ready) add(); }}>
          <div class="grow"><TextField label={left} value={key} onValue={setKey} placeholder={example[0]} mono /></div>
          <div class="grow">{choices ? <Choice label={right} value={value} onValue={setValue} options={[["", "Choose"], ...choices.map((known): [string, string] => [known, known])]} /> : <TextField label={right} value={value} onValue={setValue} placeholder={example[1]} mono />}</div>
          <Button type="submit" icon={Icon.plus} label={`Add to ${title}`} disabled={!ready} />
        </form>
      </div>
    </Card>
  );
}
