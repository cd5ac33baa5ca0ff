import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { hearing } from "../api/live";
import { useEvery, useResource } from "../api/resource";
import type { CrashLine, Status } from "../api/types";
import { endSession } from "../app/gate";
import { paletteOpen } from "../app/keys";
import { navigation, pages } from "../app/pages";
import { go, Link, match, place } from "../app/router";
import { session } from "../app/session";
import { switchTheme, theme } from "../app/theme";
import { toast } from "../app/toasts";
import { Head } from "../pages/page";
import { Button, Empty } from "./basics";
import { Brand } from "./brand";
import { Asking } from "./dialog";
import { Icon } from "./icons";
import { Help, Palette } from "./palette";
import { Password, passwordOpen } from "./password";
import { Toasts } from "./toasts";

export function Shell() {
  const [menu, setMenu] = useState(false);
  const { path } = place.value;
  useLayoutEffect(() => setMenu(false), [path]);
  useLayoutEffect(() => { if (menu) document.querySelector<HTMLElement>("#navigation a")?.focus(); }, [menu]);
  useCrashNotice();
  const found = pages.map((page) => ({ page, params: match(page.path, path) })).find((candidate) => candidate.params);
  const title = found?.page.title ?? "Not found";
  useEffect(() => { document.title = `${title} · Edge Gateway`; }, [title]);
  const Page = found?.page.page;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>("main h1")?.focus(); }}>Skip to the page</a>
      <div class="shell" data-menu={menu ? "open" : undefined}>
        <Navigation path={path} onLeave={() => { setMenu(false); document.querySelector<HTMLElement>(".menu-button")?.focus(); }} />
        <button class="scrim" type="button" aria-label="Close the menu" tabIndex={-1} onClick={() => setMenu(false)} />
        <div class="main">
          <Top onMenu={() => setMenu(!menu)} open={menu} />
          <main id="main" class="page">{Page ? <Page key={path} params={found!.params!} /> : <><Head title="Not found" /><Empty icon={Icon.search} title="There is no such page" actions={<Link to="/" class="button">Dashboard</Link>}><p>Nothing in this gateway has the address {path}.</p></Empty></>}</main>
        </div>
      </div>
      <Palette /><Help /><Password /><Asking /><Toasts />
    </>
  );
}

function Navigation({ path, onLeave }: { path: string; onLeave: () => void }) {
  const groups = ["", "Build", "Operate", "Settings"] as const;
  const { data } = useResource<Status>("/status", ["epoch", "crash", "quarantine"]);
  return (
    <nav class="side" id="navigation" aria-label="Pages" onKeyDown={(event) => { if (event.key === "Escape") onLeave(); }}>
      <div class="held">
      <Link to="/" class="brand-link"><Brand /></Link>
      <div class="nav">
        {groups.map((group) => {
          const own = navigation().filter((page) => page.group === group);
          return own.length === 0 ? null : (
            <div key={group}>
              {group && <h2>{group}</h2>}
              {own.map((page) => {
                const inside = page.path === "/" ? path === "/" : path === page.path || path.startsWith(page.path + "/");
                const count = page.path === "/crashes" ? data?.quarantine.length ?? 0 : 0;
                return <Link to={page.path} key={page.path} aria-current={inside ? "page" : undefined}>{page.icon && <page.icon />}{page.title}{count > 0 && <span class="count" aria-label={`${count} versions are quarantined`}>{count}</span>}</Link>;
              })}
            </div>
          );
        })}
      </div>
      <div class="foot nav">
        <button type="button" class="button quiet small" onClick={() => { passwordOpen.value = true; }}><Icon.key />Password</button>
        <button type="button" class="button quiet small" onClick={() => void endSession()}><Icon.logout />Log out {session.value?.user}</button>
      </div>
      </div>
    </nav>
  );
}

function Top({ onMenu, open }: { onMenu: () => void; open: boolean }) {
  const ThemeIcon = { system: Icon.monitor, light: Icon.sun, dark: Icon.moon }[theme.value];
  return (
    <header class="top">
      <button class="button quiet only menu-button" type="button" aria-label="Menu" aria-expanded={open} aria-controls="navigation" onClick={onMenu}><Icon.menu /></button>
      <button class="search" type="button" onClick={() => { paletteOpen.value = true; }}><Icon.search /><span class="truncate">Search or command</span><kbd>Ctrl K</kbd></button>
      <div class="grow" />
      <GatewayState />
      <Button kind="quiet" icon={ThemeIcon} label={`Theme: ${theme.value}. Switch`} onClick={switchTheme} />
    </header>
  );
}

function GatewayState() {
  const ready = useResource<Status>("/status", ["epoch", "deployment", "crash", "quarantine", "worker"]);
  const { data, error } = ready;
  // Nothing tells when the last of what is missing is there.
  useEvery(data && !data.ready ? 1000 : 0, ready.refresh);
  const [tone, text] = error ? ["bad", "Not reachable"] : !data ? ["", "Looking"] : data.ready ? ["good", "Ready"] : ["warn", data.worker ? "Not ready" : "No worker"];
  return <Link to="/system" class="state" title={data?.reasons.join(" ") || undefined}><span class={`dot ${tone}`} />{text}<span class="long">{data && ` · epoch ${data.epoch}`}{hearing.value === "live" ? " · live" : ""}</span></Link>;
}

// A crash shows wherever one is.
function useCrashNotice() {
  const { data } = useResource<{ crashes: CrashLine[] }>("/crashes", ["crash", "quarantine"]);
  const [seen, setSeen] = useState<number>();
  useEffect(() => {
    if (!data) return;
    const newest = data.crashes[0]?.id ?? 0;
    if (seen !== undefined && newest > seen) {
      const crash = data.crashes[0]!;
      toast({ kind: "bad", title: crash.handler ? `${crash.handler} ${crash.version} crashed the worker` : "The worker crashed", detail: crash.action ?? crash.cause, action: { label: "Look at it", run: () => go(`/crashes/${crash.id}`) }, stays: true });
    }
    setSeen(newest);
  }, [data]);
}
