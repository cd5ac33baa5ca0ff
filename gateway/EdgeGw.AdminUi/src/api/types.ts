// The Admin API's documents (docs/admin-api.md), as far as the page reads them.

export interface Page<T> { items: T[]; next: string | null }

export interface Usage { cpuMs: number; blockedThreads: number; lostThreads: number; lostRequests: number; outOfMemory: number; heapBytes: number | null; allocatedBytes: number | null; collections: number | null; gcPauseMs: number | null }
export interface Version { ordinal: number; handler: string; version: string; sha256: string; state: string; inFlight: number; requests: number; faults: number; loadedAt: string | null; loadMs: number; rssBytes: number; threads: number; error: string | null; usage?: Usage | null }
export interface Scout { verdict: string; abi: string; loadMs: number; rssBytes: number; threads: number; routes: number; selfTests: number; selfTestMs: number | null; fileBytes: number; needs: string[]; notes: string[] }
export interface HandlerStatus { name: string; version: string; sha256: string; routes: number; state: string; scout: Scout | null }
export interface Quarantine { handler: string; version: string; sha256: string; reason: string; crash: number; since: string }
export interface Status {
  version: string; abi: string; epoch: number; state: string; ready: boolean; reasons: string[]; listen: string[]; admin: string | null;
  control: { pid: number; uptimeMs: number; rssBytes: number; upgrades: number };
  worker: { pid: number; uptimeMs: number; rssBytes: number; restarts: number; handOvers: number; inFlight: number; requests: number; threads: number; lostThreads: number } | null;
  draining: { pid: number; uptimeMs: number; rssBytes: number; inFlight: number; connections: number; epoch: number }[];
  handlers: HandlerStatus[]; versions: Version[]; quarantine: Quarantine[];
}
export interface Named { name: string; version: string; sha256: string }
export interface Epoch { number: number; current: boolean; created: string; action: string; reason: string; parent: number; restores: number | null; handlers: Named[]; services: { kind: string; name: string; provider: string; enabled: boolean }[] }
export interface Change { epoch: number; reason: string; changed: boolean; handlers: Named[]; elapsedMs: number; contract: { kind: string; what: string; detail: string; breaking: boolean }[]; scout: Scout | null }
export interface Route { method: string; host: string; pattern: string; handler: string; version: string; name: string; deadlineMs: number; maxBodyBytes: number; concurrency: number; state: string }
export interface CrashLine { id: number; time: string; cause: string; handler: string | null; version: string | null; suspects: string[]; requests: number; action: string | null }
export interface Suspect { handler: string; version: string; sha256: string; evidence: string; phases: string[]; calls: number; requests: number }
export interface Crash { id: number; time: string; worker: number; pid: number; uptimeMs: number; epoch: number; signal: number | null; exitCode: number | null; cause: string; blamed: Suspect | null; suspects: Suspect[]; requests: { id: string; handler: string; version: string }[]; requestsLeftOut: number; nativeStack: string[]; nativeStackNote: string; managedStack: string[]; standardError: string; action: string | null }
export interface Service { kind: string; name: string; provider: string; enabled: boolean; builtIn: boolean; settings: Record<string, string>; defaults: Record<string, string>; poolSize: number; queueLength: number; timeoutMs: number; handlers: { handler: string; as: string }[]; health: { state: string; error: string | null; queued: number; running: number; calls: number; errors: number; busy: number; timeouts: number } | null }
export interface Provider { kind: string; name: string; poolSize: number; settings: { key: string; type: string; range: string; secret: boolean; required: boolean; default: string; meaning: string }[] }
export interface LogLine { time: string; level: string; source: string; requestId?: string; message: string }
export interface TryAnswer { status: number; reason: string; version: string; headers: { name: string; value: string }[]; body?: string; bodyBase64?: string; bytes: number; complete: boolean; note?: string; firstByteMs: number; ms: number }

export interface Domain { id: string; revision: number; host: string; description: string; collections: number; endpoints: number; changed: string }
export interface SourceFile { name: string; text: string }
export interface Package { id: string; version: string }
export interface Source { files: SourceFile[]; packages: Package[] }
export interface Collection { id: string; revision: number; domain: string; host: string; name: string; basePath: string; description: string; shared?: SourceFile[]; endpoints: number; changed: string }
export interface Limits { deadlineMs?: number | null; hardDeadlineMs?: number | null; concurrency?: number | null; totalConcurrency?: number | null; serviceCallsPerSecond?: number | null; maxBodyBytes?: number | null; heapBytes?: number | null }
export interface Endpoint {
  id: string; revision: number; collection: string | null; domain: string | null; name: string; method: string | null; host: string | null; path: string | null; pattern: string | null; description: string; enabled: boolean; kind: "source" | "library";
  source?: Source; services: Record<string, string>; limits: Limits; settings: Record<string, string>; state: string; stateReason: string | null;
  live: { version: number | null; release: string; sha256: string; epoch: number; since: string } | null; build: { id: string; state: string; diagnostics: number } | null; routes: { method: string; host: string; pattern: string; name: string }[]; changed: string;
}
export interface EndpointVersion { version: number; release: string; sha256: string; created: string; principal: string; build: string | null; live: boolean; kept: boolean; content?: { source: (Source & { method: string | null; path: string | null; shared: SourceFile[] }) | null } }
export interface CanarySide { requests: number; errors: number; p50Ms: number | null; p99Ms: number | null }
export interface Canary { handler: string; liveVersion: string; version: string; sha256: string; percent: number; since: string; promoteAfterMs: number | null; deaths: number; live: CanarySide; canary: CanarySide; fault: string | null }
export interface Canaries { canaries: Canary[]; ended: { time: string; outcome: "promote" | "abort"; reason: string }[] }
export interface Deployment { id: number; time: string; principal: string; action: string; result: string; status: number; epoch: number | null; ms: number; reason: string; reasons: string[]; handlers: { handler: string; change: string; release: string | null; sha256: string | null; endpoint: string | null; version: number | null }[] }
export interface Diagnostic { file: string | null; line: number; column: number; endLine: number; endColumn: number; severity: string; code: string; message: string }
export interface Build { id: string; endpoint: string | null; state: "queued" | "running" | "succeeded" | "failed" | "cancelled"; phase: string | null; phases: { name: string; ms: number }[]; diagnostics: Diagnostic[]; sha256: string | null; bytes: number | null; cached: boolean; deployment: string | null; created: string }
export interface Template { id: string; title: string; description: string; method: string; path: string; files: SourceFile[]; services: string[]; try: string }
export interface Compiler { available: boolean; reason: string | null; sdk: string | null; isolation: string | null; enabled: boolean; queued: number }
export interface Check { ok: boolean; diagnostics: Diagnostic[] }
export interface User { name: string; revision: number; scopes: string[]; enabled: boolean; created: string; lastLogin: string | null }
export interface Key { id: string; revision: number; name: string; scopes: string[]; created: string; createdBy: string; expires: string | null; lastUsed: string | null; expired: boolean; key?: string }
export interface AuditEntry { id: number; time: string; who: string; kind: string; address: string; method: string; path: string; status: number; detail: string | null }
export interface Secret { name: string; changed: string; usedBy: string[]; revision: number }
export interface RequestSpan { kind: string; name: string; operation: string; atMs: number; ms: number; outcome: string }
export interface RequestLine {
  worker: number; number: number; requestId: string; time: string; why: string; method: string; host: string; route?: string; path: string; protocol: string; client: string; status: number; handler?: string; version?: string;
  ms: number; queueMs: number; handlerMs: number; responseMs: number; bytesIn: number; bytesOut: number; traceId?: string; error?: string; spans?: RequestSpan[]; spansLost?: number;
}
