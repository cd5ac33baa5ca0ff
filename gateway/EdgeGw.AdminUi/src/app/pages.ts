// Every page, once: the navigation, the palette and the router are made from it.
import type { FunctionComponent, JSX } from "preact";
import { Icon } from "../view/icons";
import { may } from "./session";
import { Crash, Crashes } from "../pages/crashes";
import { Dashboard } from "../pages/dashboard";
import { Deployments } from "../pages/deployments";
import { Audit } from "../pages/audit";
import { Compiler } from "../pages/compiler";
import { Endpoint } from "../pages/endpoint";
import { Endpoints } from "../pages/endpoints";
import { Import } from "../pages/import";
import { Keys } from "../pages/keys";
import { Logs } from "../pages/logs";
import { NewEndpoint } from "../pages/endpoint-new";
import { Requests } from "../pages/requests";
import { Routes } from "../pages/routes";
import { Services } from "../pages/services";
import { System } from "../pages/system";
import { Users } from "../pages/users";

export interface PageEntry { path: string; title: string; page: FunctionComponent<{ params: Record<string, string> }>; icon?: (props: { class?: string }) => JSX.Element; group?: "" | "Build" | "Operate" | "Settings"; words?: string; scope?: string }

export const pages: PageEntry[] = [
  { path: "/", title: "Dashboard", page: Dashboard, icon: Icon.dashboard, group: "", words: "home traffic overview metrics" },
  { path: "/endpoints", title: "Endpoints", page: Endpoints, icon: Icon.tree, group: "Build", words: "handlers code domains collections" },
  { path: "/endpoints/new", title: "New endpoint", page: NewEndpoint },
  { path: "/endpoints/:id", title: "Endpoint", page: Endpoint },
  { path: "/services", title: "Services", page: Services, icon: Icon.database, group: "Build", words: "database cache storage http postgres redis sqlite s3" },
  { path: "/routes", title: "Routes", page: Routes, icon: Icon.route, group: "Build", words: "paths methods hosts" },
  { path: "/import", title: "Import", page: Import, icon: Icon.fileUp, group: "Build", words: "bundle zip export openapi apply" },
  { path: "/deployments", title: "Deployments", page: Deployments, icon: Icon.history, group: "Operate", words: "history epochs rollback undo versions" },
  { path: "/crashes", title: "Crashes", page: Crashes, icon: Icon.shield, group: "Operate", words: "worker blame quarantine segfault" },
  { path: "/crashes/:id", title: "Crash", page: Crash },
  { path: "/requests", title: "Requests", page: Requests, icon: Icon.activity, group: "Operate", words: "access log trace spans slow errors" },
  { path: "/logs", title: "Logs", page: Logs, icon: Icon.logs, group: "Operate", words: "follow tail errors" },
  { path: "/keys", title: "API keys", page: Keys, icon: Icon.key, group: "Settings", words: "tokens secrets scopes", scope: "admin" },
  { path: "/users", title: "Users", page: Users, icon: Icon.users, group: "Settings", words: "accounts passwords", scope: "admin" },
  { path: "/audit", title: "Audit log", page: Audit, icon: Icon.audit, group: "Settings", words: "who when", scope: "admin" },
  { path: "/compiler", title: "Compiler", page: Compiler, icon: Icon.hammer, group: "Settings", words: "sdk build source" },
  { path: "/system", title: "System", page: System, icon: Icon.cpu, group: "Settings", words: "process memory version worker upgrade reload" },
];

export const navigation = () => pages.filter((page) => page.group !== undefined && (!page.scope || may(page.scope)));
