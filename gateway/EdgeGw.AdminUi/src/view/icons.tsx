// Lucide's drawings as components. They are decoration: what a button does is in its text or its label.
import { h } from "preact";
import { Activity, ArrowLeft, ArrowRight, BookOpen, Boxes, Check, ChevronRight, CircleAlert, CircleCheck, Clock, Code, Command, Copy, Cpu, Database, Download, Earth, FilePlus, FileUp, FlaskConical, Gauge, GitCompare, Globe, Hammer, HardDrive, History, Info, KeyRound, LayoutDashboard, ListTree, LoaderCircle, LogOut, Logs, Menu, Monitor, Moon, Pause, Play, Plus, Power, RefreshCw, Rocket, Route, ScrollText, Search, Send, Settings, ShieldAlert, Sun, Trash2, TriangleAlert, Undo2, Upload, User, Users, X, Zap } from "lucide";

type Node = [string, Record<string, string | number | undefined>][];

const icon = (node: unknown) => (props: { class?: string }) =>
  h("svg", { class: props.class ?? "icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 1.75, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    (node as Node).map(([tag, attributes]) => h(tag, attributes as object)));

export const Icon = {
  activity: icon(Activity), back: icon(ArrowLeft), forth: icon(ArrowRight), book: icon(BookOpen), boxes: icon(Boxes), check: icon(Check), chevron: icon(ChevronRight), alert: icon(CircleAlert), done: icon(CircleCheck), clock: icon(Clock),
  code: icon(Code), command: icon(Command), copy: icon(Copy), cpu: icon(Cpu), database: icon(Database), download: icon(Download), earth: icon(Earth), addFile: icon(FilePlus), fileUp: icon(FileUp), flask: icon(FlaskConical), gauge: icon(Gauge), compare: icon(GitCompare),
  globe: icon(Globe), hammer: icon(Hammer), disk: icon(HardDrive), history: icon(History), info: icon(Info), key: icon(KeyRound), dashboard: icon(LayoutDashboard), tree: icon(ListTree), busy: icon(LoaderCircle), logout: icon(LogOut), logs: icon(Logs),
  menu: icon(Menu), monitor: icon(Monitor), moon: icon(Moon), pause: icon(Pause), play: icon(Play), plus: icon(Plus), power: icon(Power), refresh: icon(RefreshCw), rocket: icon(Rocket), route: icon(Route), audit: icon(ScrollText), search: icon(Search),
  send: icon(Send), settings: icon(Settings), shield: icon(ShieldAlert), sun: icon(Sun), trash: icon(Trash2), warning: icon(TriangleAlert), undo: icon(Undo2), upload: icon(Upload), user: icon(User), users: icon(Users), close: icon(X), zap: icon(Zap),
};
