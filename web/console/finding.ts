/** A long list that is found by typing: the letters without their marks, the arrows, Enter. The select
 * beneath stays what is sent. */

import { say } from "./words";

const MOST = 8;

const fold = (text: string) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

let made = 0;

export function findable(select: HTMLSelectElement): void {
  if (select.dataset.found) return;
  select.dataset.found = "yes";
  const id = `find-${++made}`;
  const input = document.createElement("input");
  const list = document.createElement("ul");
  Object.assign(input, { id, autocomplete: "off", spellcheck: false });
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", `${id}-list`);
  input.setAttribute("aria-expanded", "false");
  input.dataset.hot = select.dataset.hot ?? "";
  delete select.dataset.hot;
  list.id = `${id}-list`;
  list.className = "find-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  const label = document.querySelector<HTMLLabelElement>(`label[for="${select.id}"]`);
  if (label) label.htmlFor = id;
  select.hidden = true;
  const box = document.createElement("div");
  box.className = "find";
  box.append(input, list);
  select.after(box);

  let at = 0;
  let fitting: HTMLOptionElement[] = [];
  // What is usual stands first and again in its group: here once.
  const isFirst = (one: HTMLOptionElement, place: number, all: HTMLOptionElement[]) =>
    all.findIndex((other) => other.value === one.value) === place;
  const offered = () => [...select.options].filter(isFirst);
  const chosen = () => select.selectedOptions[0]?.text ?? "";
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.value = chosen();
  };
  const take = (option: HTMLOptionElement | undefined) => {
    if (option) {
      select.value = option.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
    close();
  };
  const draw = () => {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    const asked = input.value !== chosen();
    fitting = asked ? offered().filter((one) => words.every((word) => fold(one.text).includes(word))).slice(0, MOST) : offered();
    at = Math.min(at, Math.max(0, fitting.length - 1));
    list.replaceChildren(...fitting.map((option, place) => item(option, place)));
    if (!fitting.length) {
      const none = document.createElement("li");
      none.className = "muted";
      none.textContent = say("Không có tên nào như vậy", "No such name");
      list.append(none);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (fitting.length) input.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const item = (option: HTMLOptionElement, number: number) => {
    const line = document.createElement("li");
    line.id = `${id}-${number}`;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", String(number === at));
    line.textContent = option.text;
    line.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(option);
      input.blur();
    });
    return line;
  };
  input.addEventListener("focus", () => {
    at = offered().findIndex((one) => one.value === select.value);
    input.select();
    draw();
  });
  input.addEventListener("input", () => {
    at = 0;
    draw();
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = Math.max(0, Math.min(fitting.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)));
      draw();
    }
    if (event.key === "Enter" || (event.key === "Tab" && input.value !== chosen())) {
      if (event.key === "Enter") event.preventDefault();
      take(fitting[at]);
      if (event.key === "Enter") input.blur(); // and the letters are commands again
    }
  });
  close();
}
