// Dialogs on the browser's own <dialog>: focus stays inside, Escape closes, focus goes back where it was.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Problem, sentence } from "../api/client";
import { Button, Trouble } from "./basics";
import { Icon } from "./icons";

type DialogProps = { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean; locked?: boolean };

export function Dialog({ title, onClose, children, wide, locked }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const back = document.activeElement;
    ref.current?.showModal();
    return () => { if (back instanceof HTMLElement && back.isConnected) back.focus(); };
  }, []);
  return (
    <dialog ref={ref} class={wide ? "wide" : ""} aria-labelledby={id} onCancel={(event) => { event.preventDefault(); if (!locked) onClose(); }} onClick={(event) => { if (event.target === ref.current && !locked) onClose(); }}>
      <div class="inside">
        <div class="row spread"><h2 id={id}>{title}</h2>{!locked && <Button kind="quiet small" icon={Icon.close} label="Close" onClick={onClose} />}</div>
        {children}
      </div>
    </dialog>
  );
}

interface Question { title: string; text: ComponentChildren; action: string; danger?: boolean; run: () => Promise<unknown> }
const asked = signal<Question | undefined>(undefined);

/** Asks before something that cannot be taken back by a click; what goes wrong is said in the same place. */
export const ask = (question: Question) => { asked.value = question; };

export function Asking() {
  const question = asked.value;
  return question ? <Ask key={question.title} question={question} /> : null;
}

function Ask({ question }: { question: Question }) {
  const [error, setError] = useState<unknown>();
  const close = () => { asked.value = undefined; };
  const run = async () => {
    setError(undefined);
    try {
      await question.run();
      close();
    } catch (caught) {
      setError(caught instanceof Problem ? caught : new Error(sentence(caught)));
    }
  };
  return (
    <Dialog title={question.title} onClose={close}>
      <div>{question.text}</div>
      <Trouble error={error} />
      <div class="ends"><Button onClick={close}>Cancel</Button><Button kind={`primary ${question.danger ? "danger" : ""}`} onClick={run}>{question.action}</Button></div>
    </Dialog>
  );
}
