import { useState } from "preact/hooks";
import { part, post, put, remove } from "../api/client";
import { refreshAll, useResource } from "../api/resource";
import type { Page, User } from "../api/types";
import { session } from "../app/session";
import { Button, Card, Form, Pending, Pill, TextField, When } from "../view/basics";
import { ask, Dialog } from "../view/dialog";
import { Icon } from "../view/icons";
import { Head } from "./page";
import { ScopeChoice, Scopes } from "./scopes";

export function Users() {
  const { data, error } = useResource<Page<User>>("/users?limit=1000");
  const [editing, setEditing] = useState<User | "new">();
  return (
    <>
      <Head title="Users" actions={<Button kind="primary" icon={Icon.plus} onClick={() => setEditing("new")}>New user</Button>}>Who may log in to this page, and what each may do.</Head>
      <Card>
        {!data ? <Pending error={error} /> : (
          <div class="scroll" role="region" aria-label="Users" tabIndex={0}>
            <table>
              <thead><tr><th>User</th><th>State</th><th>Scopes</th><th>Made</th><th>Last login</th><th><span class="unseen">Actions</span></th></tr></thead>
              <tbody>{data.items.map((user) => (
                <tr key={user.name}>
                  <td><strong>{user.name}</strong>{user.name === session.value?.user && <span class="soft"> you</span>}</td><td><Pill state={user.enabled ? "up" : "disabled"}>{user.enabled ? "enabled" : "disabled"}</Pill></td><td><Scopes held={user.scopes} /></td><td><When time={user.created} /></td><td><When time={user.lastLogin} /></td>
                  <td class="acts"><span class="row">
                    <Button kind="small" onClick={() => setEditing(user)}>Change</Button>
                    <Button kind="quiet small" icon={Icon.trash} label={`Remove ${user.name}`} disabled={user.name === session.value?.user} onClick={() => ask({ title: `Remove ${user.name}?`, text: <p>Their sessions end at once.</p>, action: "Remove", danger: true, run: async () => { await remove(`/users/${part(user.name)}`, user.revision); await refreshAll("/users"); } })} />
                  </span></td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        )}
      </Card>
      {editing && <UserForm user={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function UserForm({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? "");
  const [password, setPassword] = useState("");
  const [scopes, setScopes] = useState(user?.scopes ?? ["read"]);
  const [enabled, setEnabled] = useState(user?.enabled ?? true);
  const send = async () => {
    if (user) await put(`/users/${part(user.name)}`, { scopes, enabled, ...(password ? { password } : {}) }, user.revision);
    else await post("/users", { name, password, scopes, enabled });
    await refreshAll("/users");
    onClose();
  };
  return (
    <Dialog title={user ? `Change ${user.name}` : "New user"} onClose={onClose}>
      <Form onSend={send} ends={<div class="ends"><Button onClick={onClose}>Cancel</Button><Button kind="primary" type="submit" disabled={!name || (!user && !password) || scopes.length === 0}>{user ? "Save" : "Create"}</Button></div>}>
        {!user && <TextField label="Name" value={name} onValue={setName} required autofocus autocomplete="off" />}
        <TextField label={user ? "New password" : "Password"} type="password" value={password} onValue={setPassword} required={!user} autocomplete="new-password" hint={user ? "Empty: it stays as it is." : undefined} />
        <ScopeChoice chosen={scopes} onChoose={setScopes} />
        {user && <label class="check"><input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />May log in</label>}
      </Form>
    </Dialog>
  );
}
