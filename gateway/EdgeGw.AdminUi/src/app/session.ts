import { signal } from "@preact/signals";

/** Who is logged in. `ended` once the gateway has said that the session is no more. */
export interface Session { user: string; scopes: string[]; csrf: string; expires: string; ended?: boolean }

export const session = signal<Session | undefined>(undefined);

/** Whether what needs that scope is offered; the gateway decides, this only spares a vain click. */
export const may = (scope: string) => session.value?.scopes.some((held) => held === scope || held === "admin") ?? false;
