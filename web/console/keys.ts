/** The keyboard: up and down the list, the steps by their letters, help. */

import { say } from "./words";

const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return close();
    if ((event.target as Element).matches(TYPING) || document.querySelector("dialog[open]")) return;
    if (pressed(event.key.toLowerCase())) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-go]");
    if (button) go(Number(button.dataset.go), true);
  });
}

function pressed(key: string): boolean {
  if (key === "j" || key === "k") return go(key === "j" ? 1 : -1, isOpen());
  if (key === "/") return focus("#q");
  if (key === "u") return click("#report .back");
  if (key === "n") return focus("#note-text");
  if (key === "?") return help();
  return /^[a-z]$/.test(key) && click(`#steps [data-key="${key}"]`);
}

/** To the next row or the one before; `open`: and look at its report. */
function go(by: number, open: boolean): boolean {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(".row .row-title")];
  const here = links.findIndex((link) => link === document.activeElement || link.closest(".row[aria-current]"));
  const next = links[Math.max(0, Math.min(links.length - 1, here + by))] ?? links[0];
  if (!next) return false;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  if (open) next.click();
  return true;
}

function isOpen(): boolean {
  return document.querySelector(".report") !== null;
}

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}

function click(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.click();
  return found !== null;
}

/** The form that one is in; else the one whose button has the key printed on it. */
function send(event: KeyboardEvent): void {
  if (document.querySelector("dialog[open]")) return;
  const within = (event.target as Element).closest("form");
  if (within) return within.requestSubmit();
  const button = document.querySelector<HTMLButtonElement>("button[data-sends]");
  button?.form?.requestSubmit(button);
}

function close(): void {
  click("#step-form .icon-button");
}

/** The keys that a page has of its own (triage), with the words that stand beside them. */
function hotKeys(): [string, string][] {
  return [...document.querySelectorAll<HTMLElement>("[data-hot]")].flatMap((one) => {
    const named = one.closest("label") ?? document.querySelector(`label[for="${one.id}"]`) ?? one;
    const spoken = [...named.childNodes].filter((node) => node.nodeName !== "KBD");
    const words = spoken.map((node) => node.textContent).join("").trim();
    const [key] = (one.dataset.hot ?? "").split(" ");
    return key && words ? [[key.toUpperCase(), words] as [string, string]] : [];
  });
}

function help(): boolean {
  // What each key needs on the page: one that does nothing here is not promised.
  const listed: [string, string, string][] = [
    ["J  K", say("phản ánh sau, trước", "next report, the one before"), ".row .row-title"],
    ["Enter", say("mở phản ánh đang chọn", "open the chosen report"), ".row .row-title"],
    ["/", say("tìm", "search"), "#q"],
    ["N", say("ghi chú nội bộ", "internal note"), "#note-text"],
    ["U", say("về danh sách", "back to the list"), "#report .back"],
    ["Ctrl Enter", say("gửi biểu mẫu đang soạn", "send the form being written"), "[data-sends], #note-text"],
    ["Esc", say("đóng biểu mẫu", "close the form"), "#step-form .icon-button"],
    ["Esc", say("đóng danh sách lý do", "close the list of reasons"), "[data-opens]"],
    [`1–${document.querySelectorAll("[data-digit]").length}`, say("lý do không tiếp nhận, sau X", "why it is not accepted, after X"), "[data-digit]"],
  ];
  const lines = hotKeys();
  for (const [key, words, needed] of listed) if (document.querySelector(needed)) lines.push([key, words]);
  for (const button of document.querySelectorAll<HTMLElement>("#steps [data-key]")) {
    const words = button.firstChild?.textContent?.trim();
    if (button.dataset.key && words) lines.push([button.dataset.key.toUpperCase(), words]);
  }
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys-title");
  const title = document.createElement("h2");
  title.id = "keys-title";
  title.textContent = say("Phím tắt", "Keys");
  const list = document.createElement("dl");
  for (const [key, words] of lines) {
    const [term, told] = [document.createElement("dt"), document.createElement("dd")];
    for (const one of key.split("  ")) {
      const cap = document.createElement("kbd");
      cap.textContent = one;
      term.append(cap, " ");
    }
    told.textContent = words;
    list.append(term, told);
  }
  const shut = document.createElement("button");
  shut.className = "button";
  shut.textContent = say("Đóng", "Close");
  shut.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, shut);
  document.body.append(dialog);
  dialog.showModal();
  return true;
}
