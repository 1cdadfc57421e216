/** Choosing another period or filter changes the figures in their place; the map stays where it is.
 * Without this script the form's button does the same. */

import { aloud, say } from "../console/words";
import { type Board, isShown, nowShown, readBoard } from "./board";

/** The parts of the page that are of one period and its filters. */
const PARTS = ["#figures", "#board", "#language", "#asked-days"];

export function listenToControls(tell: (board: Board) => void): void {
  const form = document.querySelector<HTMLFormElement>("#asked");
  if (!form) return;
  form.classList.add("by-script");
  form.addEventListener("change", (event) => {
    const field = event.target as HTMLSelectElement;
    if (field.name === "period" && field.value === "days") return days(form, true);
    if (field.name === "period") days(form, false);
    if (field.name === "first" || field.name === "last") return; // its button takes both
    void go(addressOf(form), tell);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go(addressOf(form), tell);
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-in-place]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const to = new URL(link.href);
    const view = new URL(location.href).searchParams.get("view");
    if (view) to.searchParams.set("view", view);
    void go(to, tell, link.dataset.inPlace);
  });
  addEventListener("popstate", () => !isShown() && location.reload()); // a link within the page comes here too
}

function days(form: HTMLFormElement, shown: boolean): void {
  const fields = form.querySelector<HTMLElement>("#asked-days");
  if (!fields) return;
  fields.hidden = !shown;
  if (shown) fields.querySelector("input")?.focus();
}

function addressOf(form: HTMLFormElement): URL {
  const to = new URL(location.href);
  const names = new Set([...form.elements].map((one) => (one as HTMLInputElement).name).filter(Boolean));
  for (const name of names) to.searchParams.delete(name);
  for (const [name, text] of new FormData(form)) if (text) to.searchParams.set(name, String(text));
  if (to.searchParams.get("period") !== "days") {
    to.searchParams.delete("first");
    to.searchParams.delete("last");
  }
  to.searchParams.delete("lang");
  return to;
}

let turn = 0;

async function go(to: URL, tell: (board: Board) => void, focus = ""): Promise<void> {
  const mine = ++turn;
  const figures = document.querySelector("#figures");
  figures?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(to, { headers: { Accept: "text/html" } });
    if (mine !== turn) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || !drawn.querySelector("#figures")) return location.assign(to); // it says what is wrong
    history.pushState(null, "", to);
    nowShown();
    for (const name of PARTS) {
      const [old, fresh] = [document.querySelector(name), drawn.querySelector(name)];
      if (old && fresh) old.replaceWith(document.adoptNode(fresh));
    }
    document.title = drawn.title;
    tell(readBoard());
    if (focus) document.querySelector<HTMLElement>(focus)?.focus();
    aloud(say("Số liệu đã đổi", "The figures have changed"));
  } catch {
    const words = say("Chưa có mạng, số liệu vẫn là của lần chọn trước.",
      "There is no network: the figures are still those from before.");
    document.querySelector("#figures-trouble")?.replaceChildren(words);
    aloud(words);
  } finally {
    document.querySelector("#figures")?.removeAttribute("aria-busy");
  }
}
