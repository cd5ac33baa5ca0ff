// Paths below /admin/, kept in the browser's history: every page has an address that can be sent to somebody.
import { signal } from "@preact/signals";
import type { ComponentChildren, PartialAnchorHTMLAttributes } from "preact";

const root = "/admin";

/** A piece of an address in plain text; as it is where it is not encoded as it should be. */
function plain(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const read = () => ({ path: location.pathname.slice(root.length) || "/", search: new URLSearchParams(location.search) });

export const place = signal(read());

/** Whether another page was asked for whose head is not there yet: reading goes on at it, for those who hear the page. */
export const arrival = { due: false };

function arrive() {
  const next = read();
  if (next.path !== place.value.path) arrival.due = true;
  place.value = next;
}

/** Asked before the page is left; a sentence means that something would be lost. */
export const guard: { ask?: () => string | undefined } = {};

addEventListener("popstate", arrive);
addEventListener("beforeunload", (event) => { if (guard.ask?.()) event.preventDefault(); });

export function go(to: string, replace = false) {
  const question = guard.ask?.();
  if (question && !to.startsWith(place.value.path) && !confirm(question)) return;
  if (replace) history.replaceState(null, "", root + to);
  else history.pushState(null, "", root + to);
  arrive();
  if (!replace) scrollTo(0, 0);
}

/** An address within the page. */
export const href = (to: string) => root + to;

type LinkProps = Omit<PartialAnchorHTMLAttributes<HTMLAnchorElement>, "href" | "role"> & { to: string; children: ComponentChildren; class?: string };

export function Link({ to, children, ...rest }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={href(to)} onClick={onClick}>{children}</a>;
}

/** The parameters of a path that fits `pattern`, such as `/crashes/:id`; nothing when it does not. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.replace(/(.)\/$/, "$1").split("/");
  if (wanted.length !== given.length) return undefined;
  const found: Record<string, string> = {};
  for (let i = 0; i < wanted.length; i++) {
    const name = wanted[i]!;
    if (name.startsWith(":")) found[name.slice(1)] = plain(given[i]!);
    else if (name !== given[i]) return undefined;
  }
  return found;
}
