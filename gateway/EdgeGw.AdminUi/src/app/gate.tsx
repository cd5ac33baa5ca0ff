// Who nobody knows yet: the first user's setup, the login, and the login again when a session has ended, over the page, so that nothing on it is lost.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem, call, get, sentence } from "../api/client";
import { startHearing, stopHearing } from "../api/live";
import { forget } from "../api/resource";
import { Button, Notice, TextField, Trouble } from "../view/basics";
import { Dialog } from "../view/dialog";
import { Brand } from "../view/brand";
import { session, type Session } from "./session";

const where = signal<"asking" | "setup" | "login" | "inside" | "nowhere">("asking");
const failure = signal<unknown>(undefined);
const least = signal(8);

async function lookWho() {
  failure.value = undefined;
  try {
    const { needed, passwordLength } = await get<{ needed: boolean; passwordLength?: number }>("/setup");
    least.value = passwordLength ?? least.value;
    if (needed) {
      where.value = "setup";
      return;
    }
    enter(await get<Session>("/session"));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) where.value = "login";
    else {
      failure.value = error;
      where.value = "nowhere";
    }
  }
}

function enter(entered: Session) {
  session.value = entered;
  where.value = "inside";
  startHearing();
}

export async function endSession() {
  try {
    await call("DELETE", "/session");
  } finally {
    stopHearing();
    forget();
    session.value = undefined;
    where.value = "login";
  }
}

export function Gate({ children }: { children: ComponentChildren }) {
  useEffect(() => void lookWho(), []);
  switch (where.value) {
    case "asking": return <div class="gate" aria-busy="true" />;
    case "nowhere": return <Frame title="The gateway does not answer"><Trouble error={failure.value} /><Button kind="primary" onClick={lookWho}>Try again</Button></Frame>;
    case "setup": return <Frame title="Welcome"><Setup /></Frame>;
    case "login": return <Frame title="Log in"><Login /></Frame>;
    case "inside": return <>{children}{session.value?.ended && <Dialog title="Your session has ended" locked onClose={() => {}}><p class="soft">Log in again; what is on the page stays.</p><Login user={session.value.user} /></Dialog>}</>;
  }
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => { document.title = `${title} · Edge Gateway`; }, [title]);
  return <main class="gate"><div class="card"><Brand /><h1>{title}</h1>{children}</div></main>;
}

function Login({ user: known = "" }: { user?: string }) {
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const { data } = await call<Session>("POST", "/session", { body: { user, password } });
      enter(data);
    } catch (caught) {
      setError(caught);
      setPassword("");
    }
    setBusy(false);
  };
  const wait = error instanceof Problem && error.status === 429 ? Number(error.body.retryAfter) : 0;
  return (
    <form class="form" onSubmit={submit}>
      <TextField label="User" value={user} onValue={setUser} autocomplete="username" required autofocus={!known} />
      <TextField label="Password" type="password" value={password} onValue={setPassword} autocomplete="current-password" required autofocus={!!known} />
      {error !== undefined && <Notice kind="bad" title={sentence(error)}>{wait > 0 && <p>Try again in {wait} s.</p>}</Notice>}
      <Button kind="primary" type="submit" busy={busy} disabled={!user || !password}>Log in</Button>
    </form>
  );
}

function Setup() {
  const [token, setToken] = useState("");
  const [user, setUser] = useState("admin");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const short = password.length > 0 && password.length < least.value;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      enter((await call<Session>("POST", "/setup", { body: { token: token.trim(), user, password } })).data);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };
  return (
    <form class="form" onSubmit={submit}>
      <p class="soft">This gateway has no user yet. The one that you make here may do everything.</p>
      <TextField label="Setup token" value={token} onValue={setToken} hint={<>The gateway printed it at its start; under systemd: <code>journalctl -u edgegw</code></>} autocomplete="one-time-code" mono required autofocus />
      <TextField label="User" value={user} onValue={setUser} autocomplete="username" required />
      <TextField label="Password" type="password" value={password} onValue={setPassword} autocomplete="new-password" required hint={`At least ${least.value} characters; a sentence is good.`} fault={short ? `${least.value - password.length} more characters are needed.` : undefined} />
      <Trouble error={error} />
      <Button kind="primary" type="submit" busy={busy} disabled={!token || !user || password.length < least.value}>Create the first user</Button>
    </form>
  );
}
