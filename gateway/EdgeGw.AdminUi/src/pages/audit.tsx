import { useRef, useState } from "preact/hooks";
import { get, query } from "../api/client";
import { useResource } from "../api/resource";
import type { AuditEntry, Page } from "../api/types";
import { date } from "../app/format";
import { Button, Card, Empty, Method, Pending, When } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

const limit = 100;

export function Audit() {
  const { data, error } = useResource<Page<AuditEntry>>(`/audit${query({ limit })}`, ["deployment", "endpoint"], 10_000);
  // Everything that was seen: the newest page moves on, and what falls off its end is not in the older ones that were asked for.
  const seen = useRef(new Map<number, AuditEntry>());
  const [older, setOlder] = useState<{ next: string | null }>();
  const next = older ? older.next : data?.next;
  for (const entry of data?.items ?? []) seen.current.set(entry.id, entry);
  const more = async () => {
    const page = await get<Page<AuditEntry>>(`/audit${query({ limit, after: next ?? undefined })}`);
    for (const entry of page.items) seen.current.set(entry.id, entry);
    setOlder(page);
  };
  const all = [...seen.current.values()].sort((a, b) => b.id - a.id);
  return (
    <>
      <Head title="Audit log">Every change that was asked for: by whom, from where, and what came of it.</Head>
      <Card>
        {!data ? <Pending error={error} /> : all.length === 0 ? <Empty icon={Icon.audit} title="Nothing was changed yet" /> : (
          <div class="scroll" role="region" aria-label="Audit log" tabIndex={0}>
            <table>
              <thead><tr><th>When</th><th>Who</th><th>From</th><th>What</th><th>Result</th></tr></thead>
              <tbody>{all.map((entry) => (
                <tr key={entry.id}><td title={date(entry.time)}><When time={entry.time} /></td><td class="nowrap"><strong>{entry.who}</strong> <span class="soft">{entry.kind}</span></td><td><code class="soft">{entry.address}</code></td><td class="wrap"><Method name={entry.method} /> <code>{entry.path}</code>{entry.detail && <div class="soft">{entry.detail}</div>}</td><td><span class={`status-code ${entry.status < 300 ? "good" : entry.status < 500 ? "warn" : "bad"}`}>{entry.status}</span></td></tr>
              ))}</tbody>
            </table>
          </div>
        )}
        {next && <div class="body"><Button kind="small" onClick={more}>Older ones</Button></div>}
      </Card>
    </>
  );
}
