// Keyboard shortcuts: one list, from which the help is made.
import { signal } from "@preact/signals";
import { go } from "./router";
import { switchTheme } from "./theme";

export const paletteOpen = signal(false);
export const helpOpen = signal(false);

export interface Shortcut { keys: string; what: string; run?: () => void }

/** Two keys one after the other, as in `g d`; single keys; those with Ctrl work in fields too. */
export const shortcuts: Shortcut[] = [
  { keys: "Ctrl K", what: "Search and commands", run: () => { paletteOpen.value = true; } },
  { keys: "?", what: "This help", run: () => { helpOpen.value = true; } },
  { keys: "g d", what: "Dashboard", run: () => go("/") },
  { keys: "g e", what: "Endpoints", run: () => go("/endpoints") },
  { keys: "g s", what: "Services", run: () => go("/services") },
  { keys: "g h", what: "Deployments", run: () => go("/deployments") },
  { keys: "g c", what: "Crashes", run: () => go("/crashes") },
  { keys: "g r", what: "Requests", run: () => go("/requests") },
  { keys: "g l", what: "Logs", run: () => go("/logs") },
  { keys: "c", what: "New endpoint", run: () => go("/endpoints/new") },
  { keys: "t", what: "Switch between dark, light and the system's theme", run: switchTheme },
  { keys: "Ctrl S", what: "In the editor: save" },
  { keys: "Ctrl Enter", what: "In the editor: save and deploy; in the request tester: send" },
  { keys: "Esc", what: "Leave a dialog; in the editor, then Tab: leave the editor" },
];

const patienceMs = 900;
let first = "";
let at = 0;

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!document.querySelector(".gate, dialog[open]:not(.palette)")) paletteOpen.value = !paletteOpen.value;
    return;
  }
  const target = event.composedPath()[0] as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || document.querySelector("dialog[open], .gate")) return;
  const keys = first && event.timeStamp - at < patienceMs ? `${first} ${event.key}` : event.key;
  const found = shortcuts.find((shortcut) => shortcut.keys === keys);
  first = found ? "" : event.key;
  at = event.timeStamp;
  if (found?.run) {
    event.preventDefault();
    found.run();
  }
});
