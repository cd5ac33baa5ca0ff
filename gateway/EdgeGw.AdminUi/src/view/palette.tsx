import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { JSX } from "preact";
import { useResource } from "../api/resource";
import type { Endpoint, Page, Service } from "../api/types";
import { helpOpen, paletteOpen, shortcuts } from "../app/keys";
import { navigation } from "../app/pages";
import { go } from "../app/router";
import { endSession } from "../app/gate";
import { switchTheme, theme } from "../app/theme";
import { Dialog, useModal } from "./dialog";
import { Icon } from "./icons";
import { passwordOpen } from "./password";

interface Entry { text: string; note: string; words: string; icon: (props: { class?: string }) => JSX.Element; run: () => unknown }

export function Palette() {
  return paletteOpen.value ? <Open /> : null;
}

function Open() {
  const close = () => { paletteOpen.value = false; };
  const modal = useModal(close);
  const [typed, setTyped] = useState("");
  const [picked, setPicked] = useState<string>();
  const endpoints = useResource<Page<Endpoint>>("/endpoints?limit=1000");
  const services = useResource<{ services: Service[] }>("/services");
  const all = (endpoints.data ?? endpoints.error) && (services.data ?? services.error);

  // What has to be asked for stands below what is there at once, and comes at once: the first line does not change under somebody's Enter.
  const entries = useMemo<Entry[]>(() => [
    ...navigation().map((page) => ({ text: page.title, note: "Page", words: page.words ?? "", icon: page.icon ?? Icon.forth, run: () => go(page.path) })),
    { text: "Switch theme", note: theme.value, words: "dark light system", icon: Icon.moon, run: switchTheme },
    { text: "Keyboard shortcuts", note: "?", words: "help keys", icon: Icon.command, run: () => { helpOpen.value = true; } },
    { text: "Change your password", note: "", words: "login account", icon: Icon.key, run: () => { passwordOpen.value = true; } },
    { text: "Log out", note: "", words: "session end", icon: Icon.logout, run: endSession },
    ...((all && endpoints.data?.items) || []).map((endpoint) => ({ text: endpoint.name, note: endpoint.pattern ? `${endpoint.method} ${endpoint.pattern}` : "Library", words: `endpoint handler ${endpoint.routes.map((route) => route.pattern).join(" ")}`, icon: Icon.code, run: () => go(`/endpoints/${encodeURIComponent(endpoint.id)}`) })),
    ...((all && services.data?.services) || []).map((service) => ({ text: `${service.kind}:${service.name}`, note: service.provider, words: "service", icon: Icon.database, run: () => go(`/services?of=${service.kind}:${service.name}`) })),
  ], [all, endpoints.data, services.data]);

  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter((entry) => { const hay = `${entry.text} ${entry.note} ${entry.words}`.toLowerCase(); return words.every((word) => hay.includes(word)); }).slice(0, 40);
  const keyOf = (entry: Entry) => `${entry.note} ${entry.text}`;
  const chosen = Math.min(Math.max(found.findIndex((entry) => keyOf(entry) === picked), 0), found.length - 1);
  const pick = (i: number) => { if (found[i]) setPicked(keyOf(found[i])); };
  useLayoutEffect(() => modal.ref.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }), [picked]);
  const run = (entry: Entry | undefined) => { if (entry) { close(); entry.run(); } };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") pick(Math.min(chosen + 1, found.length - 1));
    else if (event.key === "ArrowUp") pick(Math.max(chosen - 1, 0));
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog {...modal} class="palette" aria-label="Search and commands">
      <div class="ask">
        <Icon.search />
        <input role="combobox" aria-label="Search pages, endpoints, services and commands" aria-expanded="true" aria-controls="palette-list" aria-activedescendant={chosen >= 0 ? `palette-${chosen}` : undefined} autoFocus placeholder="Search or type a command" value={typed} onInput={(event) => { setTyped(event.currentTarget.value); setPicked(undefined); }} onKeyDown={onKeyDown} />
        <kbd>Esc</kbd>
      </div>
      {found.length === 0 && <p class="none">Nothing fits “{typed}”.</p>}
      <div role="listbox" id="palette-list" aria-label="Results" hidden={found.length === 0}>
        {found.map((entry, i) => <div role="option" id={`palette-${i}`} key={keyOf(entry)} aria-selected={i === chosen} onClick={() => run(entry)} onMouseMove={() => pick(i)}><entry.icon /><span class="truncate">{entry.text}</span><span class="soft nowrap">{entry.note}</span></div>)}
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
