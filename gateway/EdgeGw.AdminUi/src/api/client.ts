// The Admin API, as the page calls it: JSON in and out, problems as exceptions with their sentences.
import { session, type Session } from "../app/session";

/** What the gateway refused, in its own words (RFC 9457). */
export class Problem extends Error {
  constructor(readonly status: number, title: string, readonly detail: string | undefined, readonly reasons: string[], readonly body: Record<string, unknown>) {
    super(title);
  }
}

export interface Answer<T> { data: T; etag: string | undefined; status: number }
export interface Call { body?: unknown; raw?: Blob; type?: string; headers?: Record<string, string>; ifMatch?: string | number; signal?: AbortSignal }

const base = "/api/v1";

/** One call. A session that has ended is noticed here: the page asks for the password again and keeps what is on it. */
export async function call<T>(method: string, path: string, given: Call = {}): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json", ...given.headers };
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  else if (given.raw) headers["Content-Type"] = given.type ?? "application/octet-stream";
  if (given.ifMatch !== undefined) headers["If-Match"] = `"${given.ifMatch}"`;
  const csrf = session.value?.csrf;
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let response: Response;
  try {
    response = await fetch(path.startsWith("/metrics") ? path : base + path, { method, headers, body: given.body === undefined ? given.raw ?? null : JSON.stringify(given.body), signal: given.signal ?? null, credentials: "same-origin" });
  } catch (error) {
    if (given.signal?.aborted) throw error;
    throw new Problem(0, "The gateway does not answer.", "It may be restarting; the page tries again by itself.", [], {});
  }
  if (!response.ok) {
    const problem = await problemOf(response, path);
    if (response.status === 403 && csrf && method !== "GET" && await renewed(csrf)) return call(method, path, given);
    throw problem;
  }
  const text = response.status === 204 ? "" : await response.text();
  const json = response.headers.get("Content-Type")?.includes("json") ?? false;
  return { data: (text && json ? JSON.parse(text) : text) as T, etag: response.headers.get("ETag")?.replace(/^W\/|"/g, ""), status: response.status };
}

/** Whether another window has logged this user in anew meanwhile, so that the same request may pass now. */
async function renewed(csrf: string) {
  const { data } = await call<Session>("GET", "/session");
  const same = data.user === session.value?.user;
  if (data.csrf === csrf) return false;
  session.value = data;
  return same;
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = await response.json();
  } catch {
    // whatever stood before the gateway answered in its place
  }
  if (response.status === 401 && !path.startsWith("/session") && !path.startsWith("/setup")) session.value = session.value && { ...session.value, ended: true };
  const reasons = Array.isArray(body.reasons) ? body.reasons.map(String) : [];
  const retry = response.headers.get("Retry-After");
  const title = typeof body.title === "string" ? body.title : `The gateway answered ${response.status}.`;
  return new Problem(response.status, title, typeof body.detail === "string" && reasons.length < 2 ? body.detail : undefined, reasons, retry ? { ...body, retryAfter: Number(retry) } : body);
}

export const get = async <T>(path: string, signal?: AbortSignal) => (await call<T>("GET", path, signal ? { signal } : {})).data;
export const post = async <T>(path: string, body?: unknown) => (await call<T>("POST", path, { body })).data;
export const put = async <T>(path: string, body: unknown, ifMatch?: string | number) => (await call<T>("PUT", path, ifMatch === undefined ? { body } : { body, ifMatch })).data;
export const remove = async <T>(path: string, ifMatch?: string | number) => (await call<T>("DELETE", path, ifMatch === undefined ? {} : { ifMatch })).data;

/** A path's piece or a query's value. */
export const part = encodeURIComponent;

export const query = (values: Record<string, string | number | boolean | undefined>) => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return given.length ? "?" + given.map(([key, value]) => `${part(key)}=${part(String(value))}`).join("&") : "";
};

/** A sentence for people from whatever was thrown. */
export const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));
