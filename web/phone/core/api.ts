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
  credentials?: RequestCredentials;
}

/** One call; `path` begins after /api/v1. Answers the body (null when there is none). Ends by itself,
 * also where an answer begins and never goes on: patience is measured anew with each piece of it, so
 * that a slow line may take its time. */
export async function call<Body>(path: string, ask: Ask = {}): Promise<Body> {
  const limit = new AbortController();
  const stop = () => limit.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waitOn = () => {
    clearTimeout(timer);
    timer = setTimeout(stop, ask.patience ?? PATIENCE_MS);
  };
  waitOn();
  if (ask.signal?.aborted) stop();
  ask.signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(API + path, {
      method: ask.method ?? "GET",
      headers: headersOf(ask),
      body: ask.bytes ?? (ask.json === undefined ? undefined : JSON.stringify(ask.json)),
      credentials: ask.credentials ?? "omit",
      cache: "no-cache",
      signal: limit.signal,
    });
    const text = await textOf(response, waitOn);
    if (!response.ok) throw refusal(response, text);
    return (response.status === 204 ? null : JSON.parse(text)) as Body; // not a café's sign-in page
  } catch (error) {
    if (error instanceof Problem || error instanceof Busy) throw error;
    throw new NoNetwork();
  } finally {
    clearTimeout(timer);
    ask.signal?.removeEventListener("abort", stop);
  }
}

async function textOf(response: Response, onMore: () => void): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return response.text();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    onMore();
    text += decoder.decode(value, { stream: true });
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

function refusal(response: Response, text: string): Problem | Busy {
  const { type = "", detail = "", errors = [], ...facts } = objectIn(text) as Record<string, never>;
  if (response.status >= 500 || response.status === 429) {
    return new Busy(response.status, Number(response.headers.get("Retry-After")) || 0, detail);
  }
  const code = String(type).replace("/problems/", "") || `http-${response.status}`;
  return new Problem(response.status, code, detail, errors, facts);
}

function objectIn(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {}; // a proxy's own page
  }
}
