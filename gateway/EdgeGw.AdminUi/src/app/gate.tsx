// Who nobody knows yet: the first user's setup, the login, and the login again when a session has ended, over the page, so that nothing on it is lost.
import { effect, signal } from "@preact/signals";
import { Fragment, type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem, call, get } from "../api/client";
import { startHearing, stopHearing } from "../api/live";
import { forget, refreshAll } from "../api/resource";
import { Button, Form, TextField, Trouble } from "../view/basics";
import { Dialog } from "../view/dialog";
import { Brand } from "../view/brand";
import { session, type Session } from "./session";

const where = signal<"asking" | "setup" | "login" | "inside" | "nowhere">("asking");
const failure = signal<unknown>(undefined);

/** The characters that a password must have. */
export const least = signal(8);

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
  void refreshAll("/"); // what was refused while nobody was logged in
}

// Somebody else, in this window or another one with the same cookie, may see something else: the page begins anew.
let known: string | undefined;
effect(() => {
  const user = session.value?.user;
  if (user && known && user !== known) forget();
  known = user ?? known;
});

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
    case "inside": return <Fragment key={session.value?.user}>{children}{session.value?.ended && <Dialog title="Your session has ended" locked onClose={() => {}}><p class="soft">Log in again; what is on the page stays.</p><Login user={session.value.user} /></Dialog>}</Fragment>;
  }
}

function Frame({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => { document.title = `${title} · Edge Gateway`; }, [title]);
  return <main class="gate"><div class="card"><Brand /><h1>{title}</h1>{children}</div></main>;
}

function Login({ user: known = "" }: { user?: string }) {
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState("");
  const send = async () => {
    try {
      enter((await call<Session>("POST", "/session", { body: { user, password } })).data);
    } catch (error) {
      setPassword((typed) => (typed === password ? "" : typed)); // who has begun anew goes on
      throw error;
    }
  };
  return (
    <Form onSend={send} ends={<Button kind="primary" type="submit" disabled={!user || !password}>Log in</Button>}>
      <TextField label="User" value={user} onValue={setUser} autocomplete="username" required autofocus={!known} />
      <TextField label="Password" type="password" value={password} onValue={setPassword} autocomplete="current-password" required autofocus={!!known} />
    </Form>
  );
}

function Setup() {
  const [token, setToken] = useState("");
  const [user, setUser] = useState("admin");
  const [password, setPassword] = useState("");
  const short = password.length > 0 && password.length < least.value;
  const send = async () => enter((await call<Session>("POST", "/setup", { body: { token: token.trim(), user, password } })).data);
  return (
    <Form onSend={send} ends={<Button kind="primary" type="submit" disabled={!token || !user || password.length < least.value}>Create the first user</Button>}>
      <p class="soft">This gateway has no user yet. The one that you make here may do everything.</p>
      <TextField label="Setup token" value={token} onValue={setToken} hint={<>The gateway printed it at its start; under systemd: <code>journalctl -u edgegw</code></>} autocomplete="one-time-code" mono required autofocus />
      <TextField label="User" value={user} onValue={setUser} autocomplete="username" required />
      <TextField label="Password" type="password" value={password} onValue={setPassword} autocomplete="new-password" required hint={`At least ${least.value} characters; a sentence is good.`} fault={short ? `${least.value - password.length} more characters are needed.` : undefined} />
    </Form>
  );
}
