import { signal } from "@preact/signals";
import { createContext, type ButtonHTMLAttributes, type ComponentChildren, type JSX } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { Problem, sentence } from "../api/client";
import { ago, date } from "../app/format";
import { toast } from "../app/toasts";
import { arrows } from "./arrows";
import { Icon } from "./icons";

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "onClick"> & { kind?: string; icon?: (props: { class?: string }) => JSX.Element; label?: string; busy?: boolean; disabled?: boolean; type?: "button" | "submit"; onClick?: (event: MouseEvent) => unknown; children?: ComponentChildren };

const Sending = createContext(false);

/** A form that is sent once at a time. What is refused is said above its buttons, `ends`, and nothing that was typed is gone. */
export function Form({ onSend, ends, children }: { onSend: () => Promise<unknown>; ends: ComponentChildren; children: ComponentChildren }) {
  const [sending, setSending] = useState(false);
  const [error, setError] = useState<unknown>();
  const under = useRef(false);
  const send = async (event: Event) => {
    event.preventDefault();
    if (under.current) return;
    under.current = true;
    setSending(true);
    setError(undefined);
    try {
      await onSend();
    } catch (caught) {
      setError(caught);
    } finally {
      under.current = false;
      setSending(false);
    }
  };
  return <form class="form" onSubmit={send}><Sending.Provider value={sending}>{children}<Trouble error={error} />{ends}</Sending.Provider></form>;
}

/** `label` names a button that shows an icon alone. While what it began is under way it is busy and cannot be pressed again, but keeps the focus. */
export function Button({ kind = "", icon, label, busy: given, disabled, onClick, children, type = "button", ...rest }: ButtonProps) {
  const [working, setWorking] = useState(false);
  const sending = useContext(Sending);
  const under = useRef(false);
  const busy = given || working || (sending && type === "submit");
  const press = async (event: MouseEvent) => {
    if (busy || under.current) return event.preventDefault();
    const begun = onClick?.(event);
    if (!(begun instanceof Promise)) return;
    under.current = true;
    setWorking(true);
    try {
      await begun;
    } catch (error) {
      toast({ kind: "bad", title: sentence(error), detail: error instanceof Problem ? error.detail ?? error.reasons.join(" ") : undefined });
    } finally {
      under.current = false;
      setWorking(false);
    }
  };
  const Shown = busy ? Icon.busy : icon;
  return (
    <button {...rest} type={type} class={`button ${kind} ${children ? "" : "only"}`} aria-label={label} title={label} aria-busy={busy || undefined} aria-disabled={busy || undefined} disabled={disabled && !busy} onClick={press}>
      {Shown && <Shown />}{children}
    </button>
  );
}

const tones: Record<string, string> = {
  live: "good", up: "good", ok: "good", succeeded: "good", compiled: "accent", compiling: "accent busy", building: "accent busy", queued: "accent busy", running: "accent busy", loading: "accent busy", draining: "warn busy", disabled: "", off: "", retired: "", created: "",
  failed: "bad", quarantined: "bad", down: "bad", refused: "bad", deploy: "accent", rollback: "warn", quarantine: "bad",
};

export const Pill = ({ state, children }: { state: string; children?: ComponentChildren }) => <span class={`pill ${tones[state] ?? ""}`}><span class="dot" />{children ?? state}</span>;

export const Method = ({ name }: { name: string }) => <span class={`method ${name}`}>{name}</span>;

export function Card({ title, tools, note, actions, children, class: extra = "" }: { title?: ComponentChildren; tools?: ComponentChildren; note?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren; class?: string }) {
  return (
    <section class={`card ${extra}`}>
      {(title || tools) && <header>{title && <h2>{title}</h2>}{tools && <div class="tools">{tools}</div>}{note && <p>{note}</p>}{actions}</header>}
      {children}
    </section>
  );
}

export function Empty({ icon: Shown, title, children, actions }: { icon: (props: { class?: string }) => JSX.Element; title: string; children?: ComponentChildren; actions?: ComponentChildren }) {
  return <div class="empty"><Shown class="big" /><strong class="title">{title}</strong>{children}{actions && <div class="row">{actions}</div>}</div>;
}

export function Notice({ kind = "", title, children, actions }: { kind?: "" | "bad" | "warn" | "good"; title: ComponentChildren; children?: ComponentChildren; actions?: ComponentChildren }) {
  const Shown = kind === "bad" ? Icon.alert : kind === "warn" ? Icon.warning : kind === "good" ? Icon.done : Icon.info;
  return <div class={`notice ${kind}`} role={kind === "bad" ? "alert" : undefined}><Shown /><div class="grow"><strong>{title}</strong>{children}</div>{actions}</div>;
}

/** What was refused, every reason of it. */
export function Trouble({ error }: { error: unknown }) {
  if (!error) return null;
  const problem = error instanceof Problem ? error : undefined;
  return <Notice kind="bad" title={sentence(error)}>{problem?.detail && <p>{problem.detail}</p>}{problem?.body.retryAfter !== undefined && <p>Try again in {String(problem.body.retryAfter)} s.</p>}{(problem?.reasons.length ?? 0) > 1 && <ul>{problem!.reasons.map((reason) => <li>{reason}</li>)}</ul>}</Notice>;
}

/** What stands where a document will be: its error, or that it is on its way. */
export function Pending({ error }: { error: unknown }) {
  return error ? <div class="body"><Trouble error={error} /></div> : <div class="body stack tight" aria-busy="true" aria-label="Loading"><div class="skeleton" /><div class="skeleton" /><div class="skeleton" /></div>;
}

type FieldProps = { label: string; hint?: ComponentChildren; fault?: string | undefined; children?: (ids: { id: string; "aria-describedby": string | undefined; "aria-invalid": boolean | undefined }) => ComponentChildren };

export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const described = fault || hint ? `${id}-hint` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children?.({ id, "aria-describedby": described, "aria-invalid": fault ? true : undefined })}
      {(fault || hint) && <span id={described} class={fault ? "fault" : "hint"}>{fault ?? hint}</span>}
    </div>
  );
}

type InputProps = Omit<FieldProps, "children"> & { value: string; onValue: (value: string) => void; type?: "text" | "password" | "number"; autocomplete?: string; placeholder?: string; required?: boolean; mono?: boolean; autofocus?: boolean; inputMode?: "decimal" };

export function TextField({ label, hint, fault, value, onValue, mono, autofocus, type, ...rest }: InputProps) {
  return <Field label={label} hint={hint} fault={fault}>{(ids) => <input {...ids} {...rest} type={type as "text"} autoFocus={autofocus} class={`input ${mono ? "mono" : ""}`} value={value} spellcheck={false} onInput={(event) => onValue(event.currentTarget.value)} />}</Field>;
}

export function Choice({ label, hint, value, onValue, options }: Omit<FieldProps, "children"> & { value: string; onValue: (value: string) => void; options: [string, string][] }) {
  return <Field label={label} hint={hint}>{(ids) => <select {...ids} class="input" value={value} onChange={(event) => onValue(event.currentTarget.value)}>{options.map(([key, text]) => <option value={key} key={key}>{text}</option>)}</select>}</Field>;
}

// One clock for every "3 s ago" of the page.
const now = signal(Date.now());
setInterval(() => { now.value = Date.now(); }, 5000);

export function When({ time }: { time: string | null | undefined }) {
  return time ? <time class="when" dateTime={time} title={date(time)}>{ago(time, Math.max(now.value, 0))}</time> : <span class="soft">never</span>;
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  return <Button kind="quiet small" icon={done ? Icon.check : Icon.copy} label={done ? "Copied" : label} onClick={async (event) => { await copy(text, event.currentTarget as HTMLElement); setDone(true); }} />;
}

// Over plain HTTP from elsewhere a page has no clipboard, but may copy what is selected.
async function copy(text: string, near: HTMLElement) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  near.after(field); // a dialog makes everything outside of it unselectable
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  near.focus();
  if (!copied) throw new Error("This browser does not let the page copy; select the text and copy it.");
}

export function Tabs({ label, tabs, chosen, onChoose }: { label: string; tabs: [string, ComponentChildren][]; chosen: string; onChoose: (key: string) => void }) {
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={(event) => arrows(event, tabs.map(([key]) => key), chosen, onChoose)}>
      {tabs.map(([key, text]) => <button type="button" role="tab" id={`tab-${key}`} data-key={key} key={key} aria-selected={key === chosen} aria-controls="tab-panel" tabIndex={key === chosen ? 0 : -1} onClick={() => onChoose(key)}>{text}</button>)}
    </div>
  );
}
