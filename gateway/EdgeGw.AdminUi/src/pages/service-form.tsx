import { useState } from "preact/hooks";
import { post, put } from "../api/client";
import { refreshAll } from "../api/resource";
import type { Change, Provider, Service } from "../api/types";
import { span } from "../app/format";
import { toast } from "../app/toasts";
import { Button, Choice, Form, Notice, TextField, Trouble } from "../view/basics";
import { Dialog } from "../view/dialog";
import { Icon } from "../view/icons";

/** Adds or changes a service. What can be set, and what is right, is the gateway's table of providers. */
export function ServiceForm({ providers, service, onClose }: { providers: Provider[]; service: Service | undefined; onClose: () => void }) {
  const [kind, setKind] = useState(service?.kind ?? providers[0]!.kind);
  const [name, setName] = useState(service?.name ?? "");
  const [provider, setProvider] = useState(service?.provider ?? providers[0]!.name);
  const [settings, setSettings] = useState<Record<string, string>>(service?.settings ?? {});
  const [tested, setTested] = useState<{ what: string; ms?: number; error?: unknown }>();
  const [all, setAll] = useState(false);
  const ofKind = providers.filter((known) => known.kind === kind);
  const chosen = ofKind.find((known) => known.name === provider) ?? ofKind[0]!;
  const given = Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== "" && chosen.settings.some((setting) => setting.key === key)));
  const shown = chosen.settings.filter((setting) => all || setting.required || setting.secret || ["host", "port", "database", "user", "tls", "path", "bucket", "region", "maxBytes", "allow"].includes(setting.key) || setting.key in given);
  const body = { provider: chosen.name, settings: given, ...(service && chosen.name === service.provider ? { poolSize: service.poolSize, queueLength: service.queueLength, timeoutMs: service.timeoutMs } : {}) };
  // What was tested, since it may be written on while the answer is on its way.
  const what = JSON.stringify([kind, body]);
  const outcome = tested?.what === what ? tested : undefined;
  const test = async () => {
    setTested(undefined);
    try {
      setTested({ what, ms: (await post<{ ms: number }>("/services/test", { kind, name: name || "test", ...body })).ms });
    } catch (error) {
      setTested({ what, error });
    }
  };
  const save = async () => {
    const change = await put<Change>(`/services/${kind}/${encodeURIComponent(name)}`, body);
    toast({ kind: "good", title: change.changed ? `Epoch ${change.epoch}: ${change.reason}` : "It was so already" });
    await refreshAll("/services");
    onClose();
  };
  return (
    <Dialog title={service ? `Change ${service.kind}:${service.name}` : "Add a service"} onClose={onClose} wide>
      <Form onSend={save} ends={<div class="ends"><Button icon={Icon.zap} onClick={test}>Test</Button><Button kind="primary" type="submit" disabled={!name}>{service ? "Save" : "Add"}</Button></div>}>
        <div class="form two">
          {!service && <Choice label="Kind" value={kind} onValue={(value) => { setKind(value); setProvider(providers.find((known) => known.kind === value)!.name); }} options={[...new Set(providers.map((known) => known.kind))].map((value) => [value, value])} />}
          <Choice label="Provider" value={chosen.name} onValue={setProvider} options={ofKind.map((known) => [known.name, known.name])} />
          {!service && <TextField label="Name" value={name} onValue={setName} required autofocus hint={<>Handlers ask for it as <code>{kind}:{name || "name"}</code>.</>} />}
        </div>
        <div class="form two">
          {shown.map((setting) => (
            <TextField key={`${chosen.name}${setting.key}`} label={setting.key + (setting.required ? " (needed)" : "")} value={settings[setting.key] ?? ""} onValue={(value) => setSettings({ ...settings, [setting.key]: value })}
              placeholder={setting.secret ? "secret:NAME or env:NAME" : setting.default.replace("{name}", name || "name")} hint={setting.meaning} mono={setting.secret} required={setting.required} />
          ))}
        </div>
        {shown.length < chosen.settings.length && <div><Button kind="quiet small" onClick={() => setAll(true)}>{`All ${chosen.settings.length} settings`}</Button></div>}
        <Trouble error={outcome?.error} />
        {outcome?.ms !== undefined && <Notice kind="good" title={`It answered in ${span(outcome.ms)}, connecting included.`} />}
      </Form>
    </Dialog>
  );
}
