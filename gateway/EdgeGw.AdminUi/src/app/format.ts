const digits = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const count = (value: number) => (value < 10_000 ? whole.format(value) : value < 1e6 ? `${digits.format(value / 1e3)}k` : `${digits.format(value / 1e6)}M`);
export const rate = (value: number) => (value < 10 ? digits.format(value) : count(value));
export const percent = (share: number) => `${digits.format(share * 100)} %`;

export function bytes(value: number | null | undefined) {
  if (value == null) return "–";
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (Math.abs(value) < 1000 || unit === "GB") return `${value < 10 && unit !== "B" ? digits.format(value) : whole.format(value)} ${unit}`;
    value /= 1000;
  }
  return "";
}

/** A time span in milliseconds, short. */
export function span(ms: number | null | undefined) {
  if (ms == null || Number.isNaN(ms)) return "–";
  if (ms < 1) return `${whole.format(ms * 1000)} µs`;
  if (ms < 10) return `${digits.format(ms)} ms`;
  if (ms < 1000) return `${whole.format(ms)} ms`;
  const s = ms / 1000;
  if (s < 60) return `${s < 10 ? digits.format(s) : whole.format(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

// Made once: a format costs more than what is formatted with it, and long lists have one in each row.
const clockFormat = new Intl.DateTimeFormat("en-GB", { hour: "numeric", minute: "numeric", second: "numeric", hour12: false });
const dateFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

export const clock = (time: string | number | Date) => clockFormat.format(new Date(time));
export const date = (time: string | number | Date) => dateFormat.format(new Date(time));

export function ago(time: string, now: number) {
  const s = Math.max(0, (now - new Date(time).getTime()) / 1000);
  if (s < 5) return "just now";
  if (s < 60) return `${Math.floor(s)} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} d ago`;
}

export const plural = (n: number, one: string, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;
