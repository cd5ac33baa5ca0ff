import { useState } from "preact/hooks";
import { handlers } from "../api/traffic";
import type { Status, Version } from "../api/types";
import { bytes, count, percent, plural, rate, span } from "../app/format";
import { Link } from "../app/router";
import { Button, Card, Pill, When } from "../view/basics";
import { Icon } from "../view/icons";
import { Sparkline } from "../view/plot";

/** What each handler does and takes, live. */
export function HandlerUse({ status }: { status: Status | undefined }) {
  const figures = handlers.value;
  if (!status) return null;
  return (
    <Card title="Handlers" note={plural(status.handlers.length, "handler")}>
      <div class="scroll" role="region" aria-label="Handlers" tabIndex={0}>
        <table>
          <thead><tr><th>Handler</th><th>State</th><th class="number">Requests/s</th><th class="number">Errors/s</th><th class="number">p50</th><th class="number">p99</th><th class="number">CPU</th><th>CPU, 1 min</th><th class="number">Heap</th><th>Heap, 1 min</th><th class="number">In flight</th></tr></thead>
          <tbody>
            {status.handlers.map((handler) => {
              const own = figures.get(handler.name);
              const cpu = own?.cpu.at(-1);
              return (
                <tr key={handler.name}>
                  <td><Link to={`/logs?handler=${encodeURIComponent(handler.name)}`} title="Its log">{handler.name}</Link> <span class="soft">{handler.version}</span></td>
                  <td><Pill state={handler.state} /></td>
                  <td class="number">{own ? rate(own.requests.at(-1) ?? 0) : "–"}</td>
                  <td class={`number ${(own?.errors.at(-1) ?? 0) > 0 ? "bad" : ""}`}>{own ? rate(own.errors.at(-1) ?? 0) : "–"}</td>
                  <td class="number">{own ? span(own.p50) : "–"}</td>
                  <td class="number">{own ? span(own.p99) : "–"}</td>
                  <td class="number">{cpu === undefined ? "–" : percent(cpu)}</td>
                  <td><Sparkline values={own?.cpu ?? []} label={`Processor time of ${handler.name}`} color={4} /></td>
                  <td class="number">{bytes(own?.heap.at(-1) || null)}</td>
                  <td><Sparkline values={own?.heap ?? []} label={`Heap of ${handler.name}`} color={3} /></td>
                  <td class="number">{own ? count(own.inFlight) : "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

const few = 12;

/** Every version that this worker has loaded: code is never unloaded, so all of it is here until the worker is handed over. */
export function Ledger({ versions }: { versions: Version[] }) {
  const [all, setAll] = useState(false);
  const newest = [...versions].sort((a, b) => b.ordinal - a.ordinal);
  const shown = all ? newest : newest.slice(0, few);
  const held = versions.filter((version) => version.state !== "live").reduce((sum, version) => sum + version.rssBytes, 0);
  return (
    <Card title="Generations ledger" note={<>{plural(versions.length, "version")} in this worker; those replaced hold {bytes(held)}</>}>
      <div class="scroll" role="region" aria-label="Generations ledger" tabIndex={0}>
        <table>
          <thead><tr><th>Version</th><th>State</th><th class="number">In flight</th><th class="number">Requests</th><th class="number">Faults</th><th class="number">Resident</th><th class="number">Threads</th><th class="number">CPU time</th><th class="number">Load</th><th>Loaded</th></tr></thead>
          <tbody>
            {shown.map((version) => (
              <tr key={version.ordinal}>
                <td class="nowrap">{version.handler} <span class="soft">{version.version}</span> <code class="soft" title={version.sha256}>{version.sha256.slice(0, 8)}</code></td>
                <td><span title={version.error ?? undefined}><Pill state={version.state} /></span></td>
                <td class="number">{count(version.inFlight)}</td><td class="number">{count(version.requests)}</td><td class={`number ${version.faults ? "bad" : ""}`}>{count(version.faults)}</td>
                <td class="number">{bytes(version.rssBytes)}</td><td class="number">{version.threads}</td><td class="number">{span(version.usage?.cpuMs)}</td><td class="number">{span(version.loadMs)}</td><td><When time={version.loadedAt} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {newest.length > few && <div class="body"><Button kind="quiet small" icon={Icon.chevron} onClick={() => setAll(!all)}>{all ? "Fewer" : `All ${newest.length}`}</Button></div>}
    </Card>
  );
}
