// Dialogs on the browser's own <dialog>: focus stays inside, Escape closes, focus goes back where it was.
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Problem, sentence } from "../api/client";
import { Button, Trouble } from "./basics";
import { Icon } from "./icons";

/** What a `<dialog>` needs to be open as long as it is shown: at once, since a key pressed after the one that asked for it belongs into it. `locked`: nothing but its own buttons ends it. */
export function useModal(close: () => void, locked = false) {
  const ref = useRef<HTMLDialogElement>(null);
  const pressed = useRef<EventTarget | null>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close(); // the focus goes back
  }, []);
  return {
    ref,
    onCancel: (event: Event) => {
      if (event.target !== ref.current) return; // a choice of files tells of its end by the same name
      event.preventDefault();
      if (!locked) close();
    },
    // At the second Escape browsers close it, whatever the page says.
    onClose: () => {
      if (!ref.current?.isConnected) return;
      if (locked) ref.current.showModal();
      else close();
    },
    // A press outside ends it; one that began inside, as when text is selected, does not.
    onPointerDown: (event: Event) => { pressed.current = event.target; },
    onClick: (event: Event) => { if (!locked && event.target === ref.current && pressed.current === ref.current) close(); },
  };
}

type DialogProps = { title: string; onClose: () => void; children: ComponentChildren; wide?: boolean; locked?: boolean };

export function Dialog({ title, onClose, children, wide, locked }: DialogProps) {
  const modal = useModal(onClose, locked);
  const id = useId();
  return (
    <dialog {...modal} class={wide ? "wide" : ""} aria-labelledby={id}>
      <div class="inside">
        <div class="row spread"><h2 id={id}>{title}</h2>{!locked && <Button kind="quiet small" icon={Icon.close} label="Close" onClick={onClose} />}</div>
        {children}
      </div>
    </dialog>
  );
}

/** `then`: what follows once the dialog is away, such as another page. */
interface Question { title: string; text: ComponentChildren; action: string; danger?: boolean; run: () => Promise<unknown>; then?: () => void }
const asked = signal<Question | undefined>(undefined);

/** Asks before something that cannot be taken back by a click; what goes wrong is said in the same place. */
export const ask = (question: Question) => { asked.value = question; };

export function Asking() {
  const question = asked.value;
  return question ? <Ask key={question.title} question={question} /> : null;
}

function Ask({ question }: { question: Question }) {
  const [error, setError] = useState<unknown>();
  const close = () => { if (asked.peek() === question) asked.value = undefined; };
  const run = async () => {
    setError(undefined);
    try {
      await question.run();
      close();
      if (question.then) queueMicrotask(question.then); // after the dialog is taken off the page: what is behind it takes no focus
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
