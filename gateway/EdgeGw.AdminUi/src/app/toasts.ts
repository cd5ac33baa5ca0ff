import { signal } from "@preact/signals";

export interface Toast { id: number; kind: "good" | "bad" | "warn" | "info"; title: string; detail?: string | undefined; action?: { label: string; run: () => unknown }; stays?: boolean }

const most = 4;
const shownMs = 6000;
let last = 0;

export const toasts = signal<Toast[]>([]);

export const dismiss = (id: number) => { toasts.value = toasts.value.filter((shown) => shown.id !== id); };

/** A short message; errors and what has an action stay until they are put away. */
export function toast(given: Omit<Toast, "id">) {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-most + 1), { ...given, id }];
  if (!given.stays && given.kind !== "bad") setTimeout(() => dismiss(id), shownMs);
}
