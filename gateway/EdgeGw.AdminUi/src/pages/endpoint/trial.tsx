import { useState } from "preact/hooks";
import { part, post } from "../../api/client";
import { refreshAll, useResource } from "../../api/resource";
import type { Canaries, Canary, CanarySide, Change, Endpoint } from "../../api/types";
import { count, span } from "../../app/format";
import { may } from "../../app/session";
import { toast } from "../../app/toasts";
import { Button, Card, Notice, TextField, When } from "../../view/basics";
import { ask } from "../../view/dialog";
import { Icon } from "../../view/icons";
import type { Building } from "./building";

const least = 0.01;
const most = 99;

/** The endpoint's canary. `everyMs`: its figures come without an event. */
export function useCanary(name: string, everyMs = 0): Canary | undefined {
  const { data } = useResource<Canaries>("/canaries", ["epoch", "deployment"], everyMs);
  return data?.canaries.find((one) => one.handler === name);
}

/** A version on trial beside the live one, in a process of its own with a share of the requests; or the way to one. `off`: why nothing can be compiled. */
export function Trial({ endpoint, canary, building, off, onTry, onCode }: { endpoint: Endpoint; canary: Canary | undefined; building: Building; off: string | undefined; onTry: (percent: number) => void; onCode: () => void }) {
  if (canary) return <Running canary={canary} />;
  return endpoint.kind === "source" && endpoint.live ? <Begin building={building} off={off} onTry={onTry} onCode={onCode} /> : null;
}

function Begin({ building, off, onTry, onCode }: { building: Building; off: string | undefined; onTry: (percent: number) => void; onCode: () => void }) {
  const [text, setText] = useState("5");
  const percent = Number(text.replace(",", "."));
  const fits = text.trim() !== "" && percent >= least && percent <= most;
  const failed = !building.under && building.what === "deploy" && (building.error !== undefined || building.build?.state === "failed");
  return (
    <Card title="Canary" note="what is in the editor, for a share of the requests">
      <div class="body form">
        {failed && <Notice kind="bad" title="It was not deployed." actions={<Button kind="small" onClick={onCode}>See why</Button>} />}
        <form class="row" style={{ alignItems: "flex-end" }} onSubmit={(event) => { event.preventDefault(); if (fits && !off && !building.under) onTry(percent); }}>
          <div class="grow"><TextField label="Per cent of the requests" value={text} onValue={setText} inputMode="decimal" fault={fits ? undefined : `From ${least} to ${most}.`} /></div>
          <Button type="submit" icon={Icon.rocket} busy={building.under && building.what === "deploy"} disabled={!!off || building.under || !fits} title={off}>Deploy as canary</Button>
        </form>
        <p class="soft">The others go to the live version. It ends by itself when it crashes, fails or is slow.</p>
      </div>
    </Card>
  );
}

function Running({ canary: known }: { canary: Canary }) {
  const canary = useCanary(known.handler, 2000) ?? known;
  const over = async (what: "promote" | "abort") => {
    const change = await post<Change>(`/canaries/${part(canary.handler)}/${what}`);
    toast({ kind: "good", title: `Epoch ${change.epoch}: ${change.reason}` });
    await Promise.all([refreshAll("/canaries"), refreshAll("/endpoints")]);
  };
  const row = (name: string, version: string, side: CanarySide) => (
    <tr key={name}><td>{name} <span class="soft">{version}</span></td><td class="number">{count(side.requests)}</td><td class={`number ${side.errors ? "bad" : ""}`}>{count(side.errors)}</td><td class="number">{span(side.p50Ms)}</td><td class="number">{span(side.p99Ms)}</td></tr>
  );
  return (
    <Card title="Canary" note={<>{canary.percent} % of the requests since <When time={canary.since} /></>} actions={<>
      <Button kind="small" disabled={!may("deploy")} onClick={() => ask({ title: `End the canary of ${canary.handler}?`, text: <p>All requests go to the live version again.</p>, action: "Abort", danger: true, run: () => over("abort") })}>Abort</Button>
      <Button kind="small primary" icon={Icon.done} disabled={!may("deploy")} onClick={() => ask({ title: `Make ${canary.version} the live version of ${canary.handler}?`, text: <p>It takes all requests; those under way end in the version that they began in.</p>, action: "Promote", run: () => over("promote") })}>Promote</Button>
    </>}>
      <div class="scroll" role="region" aria-label="Canary and live version" tabIndex={0}>
        <table>
          <thead><tr><th>Version</th><th class="number">Requests</th><th class="number">Errors</th><th class="number">p50</th><th class="number">p99</th></tr></thead>
          <tbody>{row("live", canary.liveVersion, canary.live)}{row("canary", canary.version, canary.canary)}</tbody>
        </table>
      </div>
      {canary.fault && <div class="body"><Notice kind="warn" title={canary.fault} /></div>}
    </Card>
  );
}
