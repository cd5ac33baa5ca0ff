import { useState } from "preact/hooks";
import { useResource } from "../api/resource";
import type { Route } from "../api/types";
import { bytes, count, span } from "../app/format";
import { Card, Empty, Method, Pending, Pill } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

export function Routes() {
  const { data, error } = useResource<{ routes: Route[] }>("/routes", ["epoch", "quarantine"]);
  const [words, setWords] = useState("");
  const shown = data?.routes.filter((route) => `${route.method} ${route.host} ${route.pattern} ${route.handler} ${route.name}`.toLowerCase().includes(words.toLowerCase())) ?? [];
  return (
    <>
      <Head title="Routes">What is served: the epoch's routes with the limits in force.</Head>
      <Card tools={<input class="input small" style={{ maxWidth: "320px" }} type="search" aria-label="Filter routes" placeholder="Method, host, path or handler" value={words} onInput={(event) => setWords(event.currentTarget.value)} />} note={data && `${shown.length} of ${data.routes.length}`}>
        {!data ? <Pending error={error} /> : data.routes.length === 0 ? <Empty icon={Icon.route} title="No route yet"><p>A handler brings its routes: they are written beside its code, and appear here with its deploy.</p></Empty> : shown.length === 0 ? <Empty icon={Icon.search} title="No route fits" /> : (
          <div class="scroll" role="region" aria-label="Routes" tabIndex={0}>
            <table>
              <thead><tr><th>Route</th><th>Host</th><th>Handler</th><th>State</th><th class="number">Deadline</th><th class="number">Largest body</th><th class="number">At once</th></tr></thead>
              <tbody>{shown.map((route) => <tr key={`${route.host} ${route.method} ${route.pattern}`}><td class="nowrap"><Method name={route.method} /> <code>{route.pattern}</code></td><td><code>{route.host}</code></td><td class="nowrap">{route.handler} <span class="soft">{route.version}</span></td><td><Pill state={route.state} /></td><td class="number">{span(route.deadlineMs)}</td><td class="number">{bytes(route.maxBodyBytes)}</td><td class="number">{count(route.concurrency)}</td></tr>)}</tbody>
            </table>
          </div>
        )}
      </Card>
    </>
  );
}
