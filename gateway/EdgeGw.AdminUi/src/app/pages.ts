// Every page, once: the navigation, the palette and the router are made from it.
import type { FunctionComponent, JSX } from "preact";
import { Icon } from "../view/icons";
import { may } from "./session";
import { Crash, Crashes } from "../pages/crashes";
import { Dashboard } from "../pages/dashboard";
import { Deployments } from "../pages/deployments";
import { Logs } from "../pages/logs";
import { Routes } from "../pages/routes";
import { Services } from "../pages/services";
import { System } from "../pages/system";

export interface PageEntry { path: string; title: string; page: FunctionComponent<{ params: Record<string, string> }>; icon?: (props: { class?: string }) => JSX.Element; group?: "" | "Build" | "Operate" | "Settings"; words?: string; scope?: string }

export const pages: PageEntry[] = [
  { path: "/", title: "Dashboard", page: Dashboard, icon: Icon.dashboard, group: "", words: "home traffic overview metrics" },
  { path: "/services", title: "Services", page: Services, icon: Icon.database, group: "Build", words: "database cache storage http postgres redis sqlite s3" },
  { path: "/routes", title: "Routes", page: Routes, icon: Icon.route, group: "Build", words: "paths methods hosts" },
  { path: "/deployments", title: "Deployments", page: Deployments, icon: Icon.history, group: "Operate", words: "history epochs rollback undo versions" },
  { path: "/crashes", title: "Crashes", page: Crashes, icon: Icon.shield, group: "Operate", words: "worker blame quarantine segfault" },
  { path: "/crashes/:id", title: "Crash", page: Crash },
  { path: "/logs", title: "Logs", page: Logs, icon: Icon.logs, group: "Operate", words: "follow tail errors" },
  { path: "/system", title: "System", page: System, icon: Icon.cpu, group: "Settings", words: "process memory version worker upgrade reload" },
];

export const navigation = () => pages.filter((page) => page.group !== undefined && (!page.scope || may(page.scope)));
