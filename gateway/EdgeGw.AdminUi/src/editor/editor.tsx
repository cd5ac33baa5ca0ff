import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";
import type { Diagnostic } from "../api/types";
import { Button } from "../view/basics";
import type { EditorHandle } from "./codemirror";

type EditorProps = { label: string; name: string; text: string; readOnly?: boolean; diagnostics?: Diagnostic[]; onChange?: (name: string, text: string) => void; onSave?: () => void; onDeploy?: () => void; handle?: Ref<Pick<EditorHandle, "reveal">> };

/** The code editor. While it is loaded, and where it cannot be, the text is in a plain field: nothing is out of reach. */
export function Editor({ label, name, text, readOnly = false, diagnostics, onChange, onSave, onDeploy, handle }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const typing = useRef<[number, number] | undefined>(undefined);
  const editor = useRef<EditorHandle | undefined>(undefined);
  const latest = useRef({ name, text, diagnostics, onChange, onSave, onDeploy });
  latest.current = { name, text, diagnostics, onChange, onSave, onDeploy };
  const [state, setState] = useState<"loading" | "there" | "failed">("loading");
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let gone = false;
    void import("./codemirror").then(({ createEditor }) => {
      if (gone || !host.current) return;
      editor.current = createEditor(host.current, label, readOnly, (file, changed) => latest.current.onChange?.(file, changed), () => latest.current.onSave?.(), () => latest.current.onDeploy?.());
      editor.current.show(latest.current.name, latest.current.text);
      editor.current.mark(latest.current.diagnostics ?? []);
      const field = plain.current;
      typing.current = field && document.activeElement === field ? [field.selectionStart, field.selectionEnd] : undefined;
      setState("there");
    }).catch(() => setState("failed"));
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [attempt]);
  // Who has begun to type in the plain field goes on in the editor, at the same place.
  useLayoutEffect(() => {
    if (state === "there" && typing.current) editor.current?.select(...typing.current);
  }, [state]);
  // Before the next key: a text of the moment before, shown again, would take the newest letters away and the cursor to the beginning.
  useLayoutEffect(() => editor.current?.show(name, text), [name, text]);
  useLayoutEffect(() => editor.current?.mark(diagnostics ?? []), [name, diagnostics]);
  useImperativeHandle(handle ?? { current: null }, () => ({ reveal: (line: number, column: number) => editor.current?.reveal(line, column) }), []);

  return (
    <>
      {state === "failed" && <div class="body row">The editor could not be loaded. <Button kind="small" onClick={() => { setState("loading"); setAttempt(attempt + 1); }}>Try again</Button></div>}
      {state !== "there" && <textarea ref={plain} class="input editor" aria-label={`${label}: ${name}`} value={text} readOnly={readOnly} onInput={(event) => onChange?.(name, event.currentTarget.value)} />}
      <div class="editor" ref={host} hidden={state !== "there"} />
    </>
  );
}
