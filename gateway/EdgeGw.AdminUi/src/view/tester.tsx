// Sends a request to the gateway's own listener, by way of control, and shows what came back.
import { useRef, useState } from "preact/hooks";
import { post } from "../api/client";
import type { TryAnswer } from "../api/types";
import { bytes, span } from "../app/format";
import { Button, Card, Choice, CopyButton, Field, Notice, TextField, Trouble } from "./basics";
import { Icon } from "./icons";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const samples: Record<string, string> = { id: "1", name: "Ada" };

/** A path that fits a pattern, with something in the place of each parameter. */
export const sampleOf = (pattern: string) => pattern.replace(/\{\*?(\w+)[^}]*\}/g, (_, name: string) => samples[name] ?? (/id$/i.test(name) ? "1" : name));

const headersOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => { const at = line.indexOf(":"); return { name: (at < 0 ? line : line.slice(0, at)).trim(), value: at < 0 ? "" : line.slice(at + 1).trim() }; });

/** `pattern` is undefined as long as it is not known. */
type TesterProps = { method: string; pattern: string | undefined; host: string | null; listen: string[] };

export function Tester({ method: usual, pattern, host, listen }: TesterProps) {
  // What is typed holds for the route that it was typed for, and for the one that was not known yet.
  const [typed, setTyped] = useState<{ route: string | undefined; method?: string; path?: string }>();
  const route = pattern && `${usual} ${pattern}`;
  const own = typed && (typed.route === undefined || typed.route === route) ? typed : undefined;
  const type = (more: { method?: string; path?: string }) => setTyped({ ...own, ...more, route });
  const method = own?.method ?? usual;
  const path = own?.path ?? sampleOf(pattern ?? "");
  const [listener, setListener] = useState("");
  const [headers, setHeaders] = useState("");
  const [body, setBody] = useState("");
  const [answer, setAnswer] = useState<TryAnswer>();
  const [error, setError] = useState<unknown>();
  const sent = useRef(0);
  const hostHeader = host && host !== "*" ? host.replace("*.", "www.") : undefined;
  const given = [...headersOf(headers), ...(hostHeader && !/^host:/im.test(headers) ? [{ name: "Host", value: hostHeader }] : [])];
  const sendsBody = !["GET", "HEAD"].includes(method) && body !== "";
  const named = given.some((header) => header.name.toLowerCase() === "content-type");
  const all = sendsBody && !named ? [...given, { name: "Content-Type", value: /^\s*[[{]/.test(body) ? "application/json" : "text/plain" }] : given;
  const send = async () => {
    const turn = ++sent.current; // of two requests under way the later one's answer is shown
    setError(undefined);
    try {
      const got = await post<TryAnswer>("/try", { method, path, listener: listener || undefined, headers: all, body: sendsBody ? body : undefined });
      if (turn === sent.current) setAnswer(got);
    } catch (caught) {
      if (turn !== sent.current) return;
      setAnswer(undefined);
      setError(caught);
    }
  };
  const quote = (text: string) => `'${text.replace(/'/g, "'\\''")}'`;
  const curl = `curl -i${method === "GET" ? "" : ` -X ${method}`} ${quote((listener || listen[0] || "").replace("//*", "//localhost").replace("//0.0.0.0", "//127.0.0.1") + path)}${all.map((header) => ` -H ${quote(`${header.name}: ${header.value}`)}`).join("")}${sendsBody ? ` --data-binary ${quote(body)}` : ""}`;
  return (
    <Card title="Request" actions={<CopyButton text={curl} label="Copy as curl" />}>
      <form class="body form" onSubmit={(event) => { event.preventDefault(); void send(); }} onKeyDown={(event) => { if ((event.ctrlKey || event.metaKey) && event.key === "Enter") { event.preventDefault(); void send(); } }}>
        <div class="row" style={{ alignItems: "flex-end" }}>
          <div style={{ width: "106px", flex: "none" }}><Choice label="Method" value={method} onValue={(value) => type({ method: value })} options={[...new Set([usual, ...methods])].filter(Boolean).map((known) => [known, known])} /></div>
          <div class="grow"><TextField label="Path and query" value={path} onValue={(value) => type({ path: value })} mono /></div>
          <Button kind="primary" type="button" icon={Icon.send} onClick={send}>Send</Button>
        </div>
        {listen.length > 1 && <Choice label="Listener" value={listener} onValue={setListener} options={listen.map((url, i) => [i === 0 ? "" : url, url])} />}
        <div class="split">
          <Field label="Headers" hint={hostHeader ? `Host: ${hostHeader} is added.` : undefined}>{(ids) => <textarea {...ids} class="input" rows={2} spellcheck={false} placeholder="Accept: application/json" value={headers} onInput={(event) => setHeaders(event.currentTarget.value)} />}</Field>
          {!["GET", "HEAD"].includes(method) && <Field label="Body">{(ids) => <textarea {...ids} class="input" rows={2} spellcheck={false} placeholder={'{ "name": "Ada" }'} value={body} onInput={(event) => setBody(event.currentTarget.value)} />}</Field>}
        </div>
        <Trouble error={error} />
      </form>
      <div role="status" aria-live="polite">{answer && <Answer answer={answer} />}</div>
    </Card>
  );
}

function pretty(answer: TryAnswer) {
  const type = answer.headers.find((header) => header.name.toLowerCase() === "content-type")?.value ?? "";
  if (answer.body === undefined) return answer.bodyBase64 ?? "";
  if (!/json/.test(type)) return answer.body;
  try {
    return JSON.stringify(JSON.parse(answer.body), null, 2);
  } catch {
    return answer.body;
  }
}

function Answer({ answer }: { answer: TryAnswer }) {
  const tone = answer.status < 300 ? "good" : answer.status < 400 ? "" : answer.status < 500 ? "warn" : "bad";
  return (
    <div class="body stack tight" style={{ borderTop: "1px solid var(--line)" }}>
      <div class="row wraps"><span class={`pill ${tone}`}><span class="status-code">{answer.status}</span>{answer.reason}</span><span class="soft">{span(answer.ms)} · {bytes(answer.bytes)}{answer.bodyBase64 !== undefined && " · binary, shown as base64"}</span></div>
      {answer.note && <Notice kind="warn" title={answer.note} />}
      {answer.bytes > 0 && <pre class="code" tabIndex={0} aria-label="The answer's body">{pretty(answer)}</pre>}
      <details><summary class="soft">{answer.headers.length} headers</summary><pre class="code" tabIndex={0} aria-label="The answer's headers">{answer.headers.map((header) => `${header.name}: ${header.value}`).join("\n")}</pre></details>
    </div>
  );
}
