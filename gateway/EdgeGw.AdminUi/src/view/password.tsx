// One's own password; another's is set among the users, by who has the scope `admin`.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import { least } from "../app/gate";
import { toast } from "../app/toasts";
import { Button, Form, TextField } from "./basics";
import { Dialog } from "./dialog";

export const passwordOpen = signal(false);

export const Password = () => (passwordOpen.value ? <Change /> : null);

function Change() {
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const missing = least.value - next.length;
  const close = () => { passwordOpen.value = false; };
  const send = async () => {
    await post("/session/password", { old, new: next });
    toast({ kind: "good", title: "Your password is changed", detail: "Wherever else you were logged in, you are not any more." });
    close();
  };
  return (
    <Dialog title="Change your password" onClose={close}>
      <Form onSend={send} ends={<div class="ends"><Button onClick={close}>Cancel</Button><Button kind="primary" type="submit" disabled={!old || missing > 0}>Change it</Button></div>}>
        <TextField label="The one you have" type="password" value={old} onValue={setOld} autocomplete="current-password" required autofocus />
        <TextField label="The new one" type="password" value={next} onValue={setNext} autocomplete="new-password" required hint={`At least ${least.value} characters; a sentence is good.`} fault={next && missing > 0 ? `${missing} more characters are needed.` : undefined} />
      </Form>
    </Dialog>
  );
}
