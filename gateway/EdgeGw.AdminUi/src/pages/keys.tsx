import { useState } from "preact/hooks";
import { post, remove } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Key, Page } from "../api/types";
import { date } from "../app/format";
import { Button, Card, Choice, CopyButton, Empty, Form, Notice, Pending, TextField, When } from "../view/basics";
import { ask, Dialog } from "../view/dialog";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { ScopeChoice, Scopes } from "./scopes";

const dayMs = 86_400_000;
const lasting: [string, string][] = [["30", "30 days"], ["90", "90 days"], ["365", "a year"], ["", "until it is removed"]];

export function Keys() {
  const { data, error } = useResource<Page<Key>>("/keys?limit=1000");
  const [making, setMaking] = useState(false);
  const make = <Button kind="primary" icon={Icon.plus} onClick={() => setMaking(true)}>New key</Button>;
  return (
    <>
      <Head title="API keys" actions={make}>For programs and for the command line from elsewhere: each with its scopes and its end. A key is shown once; the gateway keeps only its hash.</Head>
      <Card>
        {!data ? <Pending error={error} /> : data.items.length === 0 ? <Empty icon={Icon.key} title="No key yet" actions={make}><p>With a key the command line works from any machine:</p><pre class="code">edgegw login --server {location.origin}{"\n"}edgegw deploy hello.so</pre></Empty> : (
          <div class="scroll" role="region" aria-label="API keys" tabIndex={0}>
            <table>
              <thead><tr><th>Name</th><th>Scopes</th><th>Made</th><th>Last used</th><th>Expires</th><th><span class="unseen">Actions</span></th></tr></thead>
              <tbody>{data.items.map((key) => (
                <tr key={key.id}>
                  <td><strong>{key.name}</strong> <code class="soft">{key.id}</code></td><td><Scopes held={key.scopes} /></td><td><When time={key.created} /> <span class="soft">by {key.createdBy}</span></td><td><When time={key.lastUsed} /></td>
                  <td>{key.expired ? <span class="pill bad">expired</span> : key.expires ? date(key.expires) : <span class="soft">never</span>}</td>
                  <td class="acts"><Button kind="quiet small" icon={Icon.trash} label={`Remove the key ${key.name}`} onClick={() => ask({ title: `Remove the key ${key.name}?`, text: <p>Whoever uses it is refused from now on. This cannot be taken back.</p>, action: "Remove", danger: true, run: async () => { await remove(`/keys/${key.id}`, key.revision); await refreshAll("/keys"); } })} /></td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        )}
      </Card>
      {making && <NewKey onClose={() => setMaking(false)} />}
    </>
  );
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(["read"]);
  const [days, setDays] = useState("90");
  const [made, setMade] = useState<Key>();
  const send = async () => {
    setMade(await post<Key>("/keys", { name, scopes, expires: days ? new Date(Date.now() + Number(days) * dayMs).toISOString() : null }));
    await refreshAll("/keys");
  };
  if (made) {
    return (
      <Dialog key="made" title={`The key ${made.name}`} onClose={onClose} locked>
        <Notice kind="warn" title="Copy it now: it is not shown again." />
        <div class="row"><div class="secret-shown grow">{made.key}</div><CopyButton text={made.key ?? ""} label="Copy the key" /></div>
        <div class="ends"><Button kind="primary" onClick={onClose}>I have it</Button></div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New key" onClose={onClose}>
      <Form onSend={send} ends={<div class="ends"><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" disabled={!name || scopes.length === 0}>Make the key</Button></div>}>
        <TextField label="Name" value={name} onValue={setName} required autofocus hint="Who or what will use it." />
        <ScopeChoice chosen={scopes} onChoose={setScopes} />
        <Choice label="Valid for" value={days} onValue={setDays} options={lasting} />
      </Form>
    </Dialog>
  );
}
