import { useState } from "preact/hooks";
import { part, put, query, remove } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Page, Secret } from "../api/types";
import { plural } from "../app/format";
import { may } from "../app/session";
import { toast } from "../app/toasts";
import { Button, Card, Empty, Form, Pending, TextField, When } from "../view/basics";
import { ask, Dialog } from "../view/dialog";
import { Icon } from "../view/icons";

/** Passwords that services name as `secret:NAME`. A value goes in and is never shown. */
export function Secrets() {
  const { data, error } = useResource<Page<Secret>>("/secrets?limit=1000", ["epoch"]);
  const [setting, setSetting] = useState<string>();
  const off = !may("services");
  return (
    <Card title="Secrets" note={<>named in settings as <code>secret:NAME</code></>} actions={<Button kind="small" icon={Icon.plus} disabled={off} onClick={() => setSetting("")}>Secret</Button>}>
      {!data ? <Pending error={error} /> : data.items.length === 0 ? <Empty icon={Icon.key} title="No secret yet"><p>Keep a password here, encrypted, and name it in a service's setting. Its value reaches the worker, and is never shown again.</p></Empty> : (
        <ul class="list">
          {data.items.map((secret) => (
            <li key={secret.name}>
              <Icon.key /><div class="what"><code>{secret.name}</code> <span class="soft">{secret.usedBy.length ? `used by ${secret.usedBy.join(", ")}` : "used by nobody"}</span></div><When time={secret.changed} />
              <Button kind="quiet small" disabled={off} onClick={() => setSetting(secret.name)}>Set anew</Button>
              <Button kind="quiet small" icon={Icon.trash} label={`Remove the secret ${secret.name}`} disabled={off} onClick={() => ask({ title: `Remove the secret ${secret.name}?`, text: <p>{secret.usedBy.length ? `${plural(secret.usedBy.length, "service uses", "services use")} it, and cannot log in any more once started anew.` : "Nobody uses it."}</p>, action: "Remove", danger: true, run: async () => { await remove(`/secrets/${part(secret.name)}${query({ force: secret.usedBy.length > 0 || undefined })}`); await refreshAll("/secrets"); } })} />
            </li>
          ))}
        </ul>
      )}
      {setting !== undefined && <SecretForm known={setting} onClose={() => setSetting(undefined)} />}
    </Card>
  );
}

function SecretForm({ known, onClose }: { known: string; onClose: () => void }) {
  const [name, setName] = useState(known);
  const [value, setValue] = useState("");
  const send = async () => {
    await put(`/secrets/${part(name)}`, { value });
    await refreshAll("/secrets");
    toast({ kind: "good", title: `The secret ${name} is kept` });
    onClose();
  };
  return (
    <Dialog title={known ? `Set ${known} anew` : "New secret"} onClose={onClose}>
      <Form onSend={send} ends={<div class="ends"><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" disabled={!name || !value}>Keep it</Button></div>}>
        {!known && <TextField label="Name" value={name} onValue={setName} required autofocus mono />}
        <TextField label="Value" type="password" value={value} onValue={setValue} required autocomplete="off" />
      </Form>
    </Dialog>
  );
}
