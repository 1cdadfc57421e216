/** When something does not come through, what stands on the page stays, with all that was typed. A bar above it
 * says what happened, what is safe and what to do, and goes away when things work again. */

import { aloud, say } from "./words";

const PART = "Xom-Part"; // the mark of an answer of ours: "place" for what is put in place, "words" to be told
const PASSES = [429, 503]; // trouble of ours that is over after a while

interface Notice {
  words: string;
  offers: HTMLElement[];
}

interface Asked {
  sourceElement: HTMLElement;
  request: { method: string; submitter?: HTMLElement | null; signal: AbortSignal };
  response?: { status: number; headers: Headers; raw: Response };
  text?: string;
}

type Kind = "ended" | "act" | "stale"; // the first of these is told
const notices: Record<Kind, Notice | null> = { ended: null, act: null, stale: null };
let drawn: Notice | null = null;
let current = new Date(); // when the lists were last told

export function tellFailures(): void {
  document.addEventListener("htmx:before:response", (event) => {
    if (!answered((event as CustomEvent<{ ctx: Asked }>).detail.ctx)) event.preventDefault();
  });
  document.addEventListener("htmx:error", (event) => {
    const asked = (event as CustomEvent<{ ctx?: Asked }>).detail.ctx;
    if (asked && asked.text === undefined) unreached(asked);
  });
}

/** What a script asks for of its own accord, as text. Null for what did not come, which is told. */
export async function ask(address: string, options: RequestInit = {}): Promise<string | null> {
  try {
    const answer = await fetch(address, { ...options, headers: { "HX-Request": "true", ...options.headers } });
    const text = await answer.text();
    if (answer.ok) works();
    else if (answer.status === 401) sessionEnded();
    else if (answer.status >= 500) stale();
    return answer.ok ? text : null;
  } catch {
    stale();
    return null;
  }
}

/** May its text stand on the page? A proxy's own page may not. */
export const isOurs = (answer: Response) => answer.ok || answer.headers.has(PART);

/** Is it drawn for its place? Also a form is that says what is wrong with it. */
const isForItsPlace = (answer: Response) => answer.ok || answer.headers.get(PART) === "place";

/** May htmx go on with it? */
function answered(asked: Asked): boolean {
  const { raw, status, headers } = asked.response as { raw: Response; status: number; headers: Headers };
  if (status === 401) return sessionEnded();
  if (headers.has("HX-Redirect")) return true;
  if (!isForItsPlace(raw)) return refused(asked, raw);
  if (goesByItself(asked)) works();
  else clear("act");
  clear("ended");
  return true;
}

function refused(asked: Asked, answer: Response): false {
  if (goesByItself(asked)) return stale();
  if (answer.headers.get(PART) === "words") void retell(asked, answer);
  else failed(asked, say(`máy chủ gặp trục trặc (${answer.status})`, `trouble at the server (${answer.status})`));
  return false;
}

/** The server's own words. */
async function retell(asked: Asked, answer: Response): Promise<void> {
  const part = document.createElement("div");
  part.innerHTML = await answer.text();
  const words = part.querySelector("[data-words]")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  const kept = isSent(asked) ? ` ${keptWords()}` : "";
  tell("act", words + kept, [...(PASSES.includes(answer.status) ? again(asked) : []), closing()]);
}

function unreached(asked: Asked): void {
  if (goesByItself(asked)) return void stale();
  const late = asked.request.signal.reason === "timeout";
  failed(asked, late ? say("máy chủ chưa trả lời", "the server has not answered") : say("mất kết nối", "no connection"));
}

function failed(asked: Asked, why: string): void {
  const once = asked.sourceElement.querySelector("input[name=id]") !== null; // twice is once, by its id
  const words = isSent(asked)
    ? `${say(`Chưa gửi được: ${why}.`, `Not sent: ${why}.`)} ${keptWords()}${once ? onceWords() : ""}`
    : say(`Chưa mở được: ${why}. Trang này còn nguyên.`, `Not opened: ${why}. This page is as it was.`);
  tell("act", words, [...again(asked), closing()]);
}

const keptWords = () => say("Những gì bạn viết còn nguyên ở đây.", "What you wrote is all here.");

const onceWords = () => say(" Gửi lại cũng chỉ tính một lần.", " Sending it again counts once.");

const isSent = (asked: Asked) => asked.request.method !== "GET";

const goesByItself = (asked: Asked) => asked.sourceElement.getAttribute("hx-trigger")?.startsWith("every") ?? false;

/** The same once more; of a page that the browser went back to, all of it. */
function again(asked: Asked): HTMLElement[] {
  const { sourceElement: source, request } = asked;
  if (!source.isConnected) return [];
  const submitter = request.submitter?.isConnected ? request.submitter : null;
  const button = made("button", say("Thử lại", "Try again"));
  button.addEventListener("click", () => {
    clear("act");
    (submitter ?? source).focus();
    if (source === document.body) location.reload();
    else if (source instanceof HTMLFormElement) source.requestSubmit(submitter);
    else source.click();
  });
  return [button];
}

function closing(): HTMLElement {
  const button = made("button", say("Đóng", "Close"));
  button.classList.add("button-quiet");
  button.addEventListener("click", () => clear("act"));
  return button;
}

/** Whoever signs in comes back here, to the same form: what was typed is there (see `drafts`). */
export function sessionEnded(): false {
  const here = new URL(location.href);
  const step = document.querySelector<HTMLElement>(".report")?.dataset.writing;
  if (step) here.searchParams.set("step", step);
  const link = made("a", say("Đăng nhập lại", "Sign in again")) as HTMLAnchorElement;
  link.href = `/console/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`;
  tell("ended", say("Phiên làm việc đã hết. Những gì bạn viết được giữ lại.", "Your session has ended. What you wrote is kept."), [link]);
  return false;
}

function stale(): false {
  const at = current.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const listed = document.getElementById("rows") !== null;
  tell(
    "stale",
    listed
      ? say(`Danh sách chưa được cập nhật từ ${at}.`, `The list has not been brought up to date since ${at}.`)
      : say(`Trang này chưa được cập nhật từ ${at}.`, `This page has not been brought up to date since ${at}.`),
    [],
  );
  return false;
}

function works(): void {
  current = new Date();
  clear("stale");
  clear("ended");
}

function tell(kind: Kind, words: string, offers: HTMLElement[]): void {
  const known = kind !== "act" && notices[kind]?.words === words;
  notices[kind] = { words, offers };
  if (!known) draw();
}

function clear(kind: Kind): void {
  if (!notices[kind]) return;
  notices[kind] = null;
  draw();
}

function draw(): void {
  const told = notices.ended ?? notices.act ?? notices.stale;
  if (told === drawn) return; // whose buttons somebody may be at
  drawn = told;
  const bar = document.getElementById("failing") ?? put();
  const words = document.createElement("p");
  words.textContent = told?.words ?? "";
  bar.replaceChildren(words, ...(told?.offers ?? []));
  bar.hidden = !told;
  if (told) aloud(told.words);
}

function put(): HTMLElement {
  const bar = document.createElement("section");
  bar.id = "failing";
  bar.className = "failing no-print";
  bar.setAttribute("aria-label", say("Trục trặc", "Trouble"));
  document.querySelector(".skip")?.after(bar);
  return bar;
}

function made(name: "a" | "button", words: string): HTMLElement {
  const element = document.createElement(name);
  element.className = "button button-small";
  element.textContent = words;
  return element;
}
