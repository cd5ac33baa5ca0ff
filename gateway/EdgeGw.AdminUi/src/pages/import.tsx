import { useState } from "preact/hooks";
import { call, query } from "../api/client";
import { refreshAll } from "../api/resource";
import { span } from "../app/format";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Empty, Field, Notice, Trouble } from "../view/basics";
import { Icon } from "../view/icons";
import { Head } from "./page";

interface Applied { epoch: number; reason: string; changed: boolean; dryRun: boolean; refusals: string[]; elapsedMs: number; diff: Difference[] }
interface Difference { kind: string; what: string; details: string[]; breaking: boolean }

/** From elsewhere, all or nothing: what would change is shown first. */
export function Import() {
  const [file, setFile] = useState<File>();
  const [prune, setPrune] = useState(false);
  const [force, setForce] = useState(false);
  const [preview, setPreview] = useState<Applied>();
  const [error, setError] = useState<unknown>();
  const send = async (chosen: File, dryRun: boolean, pruned: boolean) => {
    setError(undefined);
    if (dryRun) setPreview(undefined);
    try {
      const { data } = await call<Applied>("POST", `/bundles${query({ dryRun: dryRun || undefined, prune: pruned || undefined, force: (!dryRun && force) || undefined })}`, { raw: chosen, type: "application/zip" });
      if (dryRun) return setPreview(data);
      toast({ kind: "good", title: data.changed ? `Epoch ${data.epoch}: ${data.reason}` : "Nothing was different", detail: `One change, in ${span(data.elapsedMs)}.` });
      setPreview(undefined);
      setFile(undefined);
      await refreshAll("/");
    } catch (caught) {
      setError(caught);
    }
  };
  const choose = (chosen: File | undefined) => { setFile(chosen); if (chosen) void send(chosen, true, prune); };
  const different = preview?.diff.filter((difference) => difference.kind !== "unchanged") ?? [];
  return (
    <>
      <Head title="Import" actions={<a class="button" href="/api/v1/bundles/export" download="edgegw-bundle.zip"><Icon.download />Export what is deployed</a>}>A bundle holds routes, services and libraries. It becomes one epoch, all of it or nothing.</Head>
      <Card title="Bundle">
        <div class="body form">
          <Field label="Archive (.zip)" hint={<>As <code>edgegw export</code> writes it, or a folder with a <code>bundle.yaml</code>, zipped.</>}>{(ids) => <input {...ids} type="file" class="input" accept=".zip,application/zip" disabled={!may("deploy")} onChange={(event) => choose(event.currentTarget.files?.[0])} />}</Field>
          <label class="check"><input type="checkbox" checked={prune} onChange={(event) => { setPrune(event.currentTarget.checked); if (file) void send(file, true, event.currentTarget.checked); }} />Take out of service what the bundle does not have</label>
          <Trouble error={error} />
        </div>
      </Card>
      {preview && (
        <Card title="What would change" note={`${different.length} of ${preview.diff.length}`} actions={<Button kind="primary" icon={Icon.rocket} disabled={different.length === 0 || (preview.refusals.length > 0 && !force)} onClick={() => send(file!, false, prune)}>Apply as one epoch</Button>}>
          {preview.refusals.length > 0 && <div class="body form"><Notice kind="warn" title="It lets somebody down:"><ul>{preview.refusals.map((refusal) => <li key={refusal}>{refusal}</li>)}</ul></Notice><label class="check"><input type="checkbox" checked={force} onChange={(event) => setForce(event.currentTarget.checked)} />Apply it all the same</label></div>}
          {different.length === 0 ? <Empty icon={Icon.done} title="Nothing is different"><p>The gateway is already what the bundle says.</p></Empty> : <Differences differences={different} />}
        </Card>
      )}
    </>
  );
}

const tones: Record<string, string> = { added: "good", changed: "accent", removed: "bad" };

const Differences = ({ differences }: { differences: Difference[] }) => (
  <ul class="list">
    {differences.map((difference) => <li key={difference.what}><span class={`pill ${tones[difference.kind] ?? ""}`}>{difference.kind}</span><div class="what wrap"><strong>{difference.what}</strong>{difference.details.map((detail) => <div class="soft" key={detail}>{detail}</div>)}</div>{difference.breaking && <span class="pill warn">breaking</span>}</li>)}
  </ul>
);
