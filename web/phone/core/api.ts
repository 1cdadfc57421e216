/** Calls of /api/v1. Each either answers, or throws one of three things that a screen can tell:
 * a Problem (the server refused, and says why), Busy (it cannot now), NoNetwork (nobody answered).
 * Used by the page and by the service worker. */

export const API = "/api/v1";
const PATIENCE_MS = 20_000;

/** RFC 9457, in the reader's language. `fields` name what to put right. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly fields: { field: string; detail: string }[],
    readonly facts: Record<string, unknown>,
  ) {
    super(`${status} ${code}`);
  }
}

/** The server is there and cannot serve now (429, 5xx): the same again later is right. */
export class Busy extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: number,
    readonly detail: string,
  ) {
    super(`busy ${status}`);
  }
}

/** No answer came: no network, cut off, or too slow. What was sent may have arrived. */
export class NoNetwork extends Error {}

export interface Ask {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  json?: unknown;
  bytes?: Blob;
  token?: string | null;
  locale?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  patience?: number;
}

/** One call; `path` begins after /api/v1. Answers the body (null when there is none). */
export async function call<Body>(path: string, ask: Ask = {}): Promise<Body> {
  const response = await sent(path, ask);
  return (await body(response)) as Body;
}

async function sent(path: string, ask: Ask): Promise<Response> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ask.patience ?? PATIENCE_MS);
  ask.signal?.addEventListener("abort", () => limit.abort());
  try {
    const response = await fetch(API + path, {
      method: ask.method ?? "GET",
      headers: headersOf(ask),
      body: ask.bytes ?? (ask.json === undefined ? undefined : JSON.stringify(ask.json)),
      credentials: "omit",
      cache: "no-cache",
      signal: limit.signal,
    });
    if (!response.ok) throw await refusal(response);
    return response;
  } catch (error) {
    if (error instanceof Problem || error instanceof Busy) throw error;
    throw new NoNetwork();
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(ask: Ask): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json", ...ask.headers };
  if (ask.locale) headers["Accept-Language"] = ask.locale;
  if (ask.token) headers["Authorization"] = `Bearer ${ask.token}`;
  if (ask.json !== undefined) headers["Content-Type"] = "application/json";
  if (ask.bytes) headers["Content-Type"] = ask.bytes.type || "application/octet-stream";
  return headers;
}

async function body(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    throw new NoNetwork(); // cut off in the middle, or a café's sign-in page
  }
}

async function refusal(response: Response): Promise<Problem | Busy> {
  const told = await response.json().catch(() => ({}));
  const { type = "", detail = "", errors = [], ...facts } = told as Record<string, never>;
  if (response.status >= 500 || response.status === 429) {
    return new Busy(response.status, Number(response.headers.get("Retry-After")) || 0, detail);
  }
  const code = String(type).replace("/problems/", "") || `http-${response.status}`;
  return new Problem(response.status, code, detail, errors, facts);
}
