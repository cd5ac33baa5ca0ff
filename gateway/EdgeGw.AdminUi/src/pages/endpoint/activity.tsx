import { handlers } from "../../api/traffic";
import { useResource } from "../../api/resource";
import type { Deployment, Page } from "../../api/types";
import { bytes, percent, rate, span } from "../../app/format";
import { Card, Empty, Pending, Pill, When } from "../../view/basics";
import { Icon } from "../../view/icons";
import { Sparkline } from "../../view/plot";
import { LogView } from "../logs";
import { RequestLog } from "../requests";

const Tile = ({ label, figure, values, color }: { label: string; figure: string; values: number[]; color: 1 | 2 | 3 | 4 }) => <section class="card tile"><h2>{label}</h2><div class="figure">{figure}</div><Sparkline values={values} label={`${label}, the last minute`} color={color} /></section>;

/** What the endpoint does: its figures, its log, its deployments. */
export function Activity({ name }: { name: string }) {
  const figures = handlers.value.get(name);
  const { data, error } = useResource<Page<Deployment>>(`/deployments?handler=${encodeURIComponent(name)}&limit=20`, ["deployment", "epoch"]);
  return (
    <>
      <div class="tiles narrow">
        <Tile label="Requests/s" figure={figures ? rate(figures.requests.at(-1) ?? 0) : "–"} values={figures?.requests ?? []} color={1} />
        <Tile label="Errors/s" figure={figures ? rate(figures.errors.at(-1) ?? 0) : "–"} values={figures?.errors ?? []} color={2} />
        <Tile label={`p99 (p50 ${figures ? span(figures.p50) : "–"})`} figure={figures ? span(figures.p99) : "–"} values={[]} color={3} />
        <Tile label="CPU" figure={figures ? percent(figures.cpu.at(-1) ?? 0) : "–"} values={figures?.cpu ?? []} color={4} />
        <Tile label="Heap" figure={bytes(figures?.heap.at(-1) || null)} values={figures?.heap ?? []} color={3} />
      </div>
      <RequestLog handler={name} />
      <LogView handler={name} short />
      <Card title="Deployments">
        {!data ? <Pending error={error} /> : data.items.length === 0 ? <Empty icon={Icon.history} title="Not deployed yet" /> : (
          <ul class="list">{data.items.map((deployment) => <li key={deployment.id}><Pill state={deployment.result}>{deployment.action}</Pill><div class="what wrap">{deployment.reason}{deployment.reasons.length > 0 && <div class="soft">{deployment.reasons.join(" ")}</div>}</div><span class="soft nowrap">{deployment.principal} · {span(deployment.ms)}</span><When time={deployment.time} /></li>)}</ul>
        )}
      </Card>
    </>
  );
}
