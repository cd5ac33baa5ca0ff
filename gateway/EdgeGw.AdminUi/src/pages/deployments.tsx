import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { useResource } from "../api/resource";
import type { Epoch } from "../api/types";
import { date } from "../app/format";
import { Button, Card, Empty, Pending, Pill, When } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { RollbackButton } from "./rollback";

export function Deployments() {
  const { data, error } = useResource<{ epochs: Epoch[] }>("/epochs?limit=200", ["epoch", "deployment", "quarantine"]);
  const [open, setOpen] = useState<number>();
  return (
    <>
      <Head title="Deployments">Every change is an epoch: routes, handlers and services together. Going back to one is a new epoch with what it had.</Head>
      <Card>
        {!data ? <Pending error={error} /> : data.epochs.length === 0 ? <Empty icon={Icon.history} title="No change yet"><p>The first deploy makes epoch 1. From then on each change can be seen here, compared and taken back.</p></Empty> : (
          <div class="scroll" role="region" aria-label="Epochs" tabIndex={0}>
            <table>
              <thead><tr><th class="number">Epoch</th><th>When</th><th>Action</th><th>What</th><th>Handlers</th><th><span class="unseen">Actions</span></th></tr></thead>
              <tbody>
                {data.epochs.map((epoch, i) => (
                  <Fragment key={epoch.number}>
                    <tr>
                      <td class="number">{epoch.number}</td>
                      <td title={date(epoch.created)}><When time={epoch.created} /></td>
                      <td><Pill state={epoch.action}>{epoch.action}</Pill></td>
                      <td class="wrap">{epoch.reason}{epoch.current && <> <span class="pill good">current</span></>}</td>
                      <td class="nowrap">{epoch.handlers.length}</td>
                      <td class="acts"><span class="row">
                        <Button kind="quiet small" aria-expanded={open === epoch.number} onClick={() => setOpen(open === epoch.number ? undefined : epoch.number)}>What changed</Button>
                        {!epoch.current && <RollbackButton epoch={epoch.number} />}
                      </span></td>
                    </tr>
                    {open === epoch.number && <tr><td colSpan={6}><Changes epoch={epoch} before={data.epochs[i + 1]} /></td></tr>}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </>
  );
}

function Changes({ epoch, before }: { epoch: Epoch; before: Epoch | undefined }) {
  const was = new Map(before?.handlers.map((handler) => [handler.name, handler]));
  const is = new Map(epoch.handlers.map((handler) => [handler.name, handler]));
  const service = (of: Epoch["services"][number]) => `${of.kind}:${of.name} (${of.provider}${of.enabled ? "" : ", disabled"})`;
  const servicesBefore = new Set(before?.services.map(service));
  const servicesNow = new Set(epoch.services.map(service));
  const rows = [
    ...[...is.values()].filter((handler) => was.get(handler.name)?.sha256 !== handler.sha256).map((handler) => [was.has(handler.name) ? "changed" : "added", `${handler.name} ${was.get(handler.name)?.version ? `${was.get(handler.name)!.version} → ` : ""}${handler.version}`, handler.sha256.slice(0, 12)]),
    ...[...was.values()].filter((handler) => !is.has(handler.name)).map((handler) => ["removed", `${handler.name} ${handler.version}`, ""]),
    ...[...servicesNow].filter((text) => !servicesBefore.has(text)).map((text) => ["service", text, ""]),
    ...[...servicesBefore].filter((text) => !servicesNow.has(text)).map((text) => ["service gone", text, ""]),
  ];
  return rows.length === 0 ? <p class="soft">The same libraries and services as before; limits, settings or bindings may differ.</p> : <ul class="stack tight">{rows.map(([kind, text, sha]) => <li class="row" key={text}><span class="pill">{kind}</span>{text} <code class="soft">{sha}</code></li>)}</ul>;
}
