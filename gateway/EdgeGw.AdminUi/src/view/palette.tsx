import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { JSX } from "preact";
import { useResource } from "../api/resource";
import type { Endpoint, Page, Service, Status } from "../api/types";
import { helpOpen, paletteOpen, shortcuts } from "../app/keys";
import { navigation } from "../app/pages";
import { go } from "../app/router";
import { endSession } from "../app/gate";
import { switchTheme, theme } from "../app/theme";
import { Dialog } from "./dialog";
import { Icon } from "./icons";

interface Entry { text: string; note: string; words: string; icon: (props: { class?: string }) => JSX.Element; run: () => unknown }

export function Palette() {
  return paletteOpen.value ? <Open /> : null;
}

function Open() {
  const ref = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { data: endpoints } = useResource<Page<Endpoint>>("/endpoints?limit=1000");
  const { data: status } = useResource<Status>("/status");
  const { data: services } = useResource<{ services: Service[] }>("/services");
  // Before the browser goes on to the next key: one typed at once after Ctrl K belongs into the field.
  useLayoutEffect(() => ref.current?.showModal(), []);
  const close = () => { paletteOpen.value = false; };

  const entries = useMemo<Entry[]>(() => [
    ...navigation().map((page) => ({ text: page.title, note: "Page", words: page.words ?? "", icon: page.icon ?? Icon.forth, run: () => go(page.path) })),
    ...(endpoints?.items ?? []).map((endpoint) => ({ text: endpoint.name, note: `${endpoint.method} ${endpoint.path}`, words: `endpoint ${endpoint.path} ${endpoint.method}`, icon: Icon.code, run: () => go(`/endpoints/${encodeURIComponent(endpoint.id)}`) })),
    ...(endpoints ? [] : status?.handlers ?? []).map((handler) => ({ text: handler.name, note: `Handler ${handler.version}`, words: "handler logs", icon: Icon.code, run: () => go(`/logs?handler=${encodeURIComponent(handler.name)}`) })),
    ...(services?.services ?? []).map((service) => ({ text: `${service.kind}:${service.name}`, note: service.provider, words: "service", icon: Icon.database, run: () => go(`/services?of=${service.kind}:${service.name}`) })),
    { text: "Switch theme", note: theme.value, words: "dark light system", icon: Icon.moon, run: switchTheme },
    { text: "Keyboard shortcuts", note: "?", words: "help keys", icon: Icon.command, run: () => { helpOpen.value = true; } },
    { text: "Log out", note: "", words: "session end", icon: Icon.logout, run: endSession },
  ], [endpoints, status, services]);

  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => { const hay = `${entry.text} ${entry.note} ${entry.words}`.toLowerCase(); return words.every((word) => hay.includes(word)); }).slice(0, 40);
  const chosen = Math.min(at, found.length - 1);
  const run = (entry: Entry | undefined) => { if (entry) { close(); entry.run(); } };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
    requestAnimationFrame(() => ref.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }));
  };
  return (
    <dialog ref={ref} class="palette" aria-label="Search and commands" onCancel={(event) => { event.preventDefault(); close(); }} onClick={(event) => { if (event.target === ref.current) close(); }}>
      <div class="ask">
        <Icon.search />
        <input role="combobox" aria-label="Search pages, endpoints, services and commands" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={chosen >= 0 ? `palette-${chosen}` : undefined} autoFocus placeholder="Search or type a command" value={typed} onInput={(event) => { setTyped(event.currentTarget.value); setAt(0); }} onKeyDown={onKeyDown} />
        <kbd>Esc</kbd>
      </div>
      {found.length === 0 && <p class="none">Nothing fits “{typed}”.</p>}
      <div role="listbox" id="palette-list" aria-label="Results" hidden={found.length === 0}>
        {found.map((entry, i) => <div role="option" id={`palette-${i}`} key={`${entry.note}${entry.text}`} aria-selected={i === chosen} onClick={() => run(entry)} onMouseMove={() => setAt(i)}><entry.icon /><span class="truncate">{entry.text}</span><span class="soft nowrap">{entry.note}</span></div>)}
      </div>
    </dialog>
  );
}

export function Help() {
  if (!helpOpen.value) return null;
  return (
    <Dialog title="Keyboard shortcuts" onClose={() => { helpOpen.value = false; }}>
      <dl class="facts">{shortcuts.map((shortcut) => <><dt>{shortcut.keys.split(" ").map((key) => <><kbd>{key}</kbd> </>)}</dt><dd>{shortcut.what}</dd></>)}</dl>
    </Dialog>
  );
}
