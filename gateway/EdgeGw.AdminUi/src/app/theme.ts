import { effect, signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const stored = localStorage.getItem("edgegw.theme");

/** The theme that was chosen; kept in this browser. */
export const theme = signal<Theme>(stored === "light" || stored === "dark" ? stored : "system");

/** Rises with every change of what is shown, the system's own included: plots draw again then. */
export const themeRevision = signal(0);

effect(() => {
  if (theme.value === "system") {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("edgegw.theme");
  } else {
    document.documentElement.dataset.theme = theme.value;
    localStorage.setItem("edgegw.theme", theme.value);
  }
  themeRevision.value = themeRevision.peek() + 1;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => themeRevision.value++);

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
export const switchTheme = () => { theme.value = next[theme.value]; };
