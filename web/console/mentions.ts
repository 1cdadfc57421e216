/** Naming somebody in a note: after an @, whoever may be named, to be chosen with the arrows and Enter or
 * by a tap. Without it a name is written out, and is known all the same. */

import { aloud, say } from "./words";

interface Person {
  name: string;
  office: string;
}

const MOST = 6; // that are offered at a time
const SOUGHT = /(?:^|[^\p{L}\p{N}])@([^@\n]{0,40})$/u; // what stands before the caret
const known = new Map<string, Promise<Person[]>>();

export function offerNames(): void {
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLTextAreaElement;
    if (field.matches?.("textarea[data-people]")) void offer(field);
  });
  // Before the page's own keys: Escape closes the list, not the form.
  document.addEventListener("keydown", press, true);
  document.addEventListener("focusout", (event) => {
    const field = event.target as HTMLElement;
    if (field.matches?.("textarea[data-people]")) close(field as HTMLTextAreaElement);
  });
}

async function offer(field: HTMLTextAreaElement): Promise<void> {
  const sought = soughtIn(field);
  if (sought === null) return close(field);
  const people = await peopleOf(field.dataset.people ?? "");
  if (soughtIn(field) !== sought) return; // typed on meanwhile
  const fitting = people.filter(({ name }) => ` ${folded(name)}`.includes(` ${folded(sought)}`)).slice(0, MOST);
  if (!fitting.length || fitting.some(({ name }) => sought.startsWith(`${name} `))) return close(field);
  draw(field, fitting);
}

function soughtIn(field: HTMLTextAreaElement): string | null {
  return SOUGHT.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}

function peopleOf(address: string): Promise<Person[]> {
  const asked =
    known.get(address) ??
    fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? (answer.json() as Promise<Person[]>) : []))
      .catch(() => {
        known.delete(address); // no network: asked again at the next letter
        return [];
      });
  known.set(address, asked);
  return asked;
}

/** Phan Thị Ánh and phan thi anh are one. */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();
}

function draw(field: HTMLTextAreaElement, people: Person[]): void {
  const list = listOf(field) ?? made(field);
  list.replaceChildren(
    ...people.map((person, at) => {
      const line = document.createElement("li");
      line.id = `${list.id}-${at}`;
      line.setAttribute("role", "option");
      line.dataset.name = person.name;
      const [name, office] = [document.createElement("strong"), document.createElement("span")];
      name.textContent = person.name;
      office.textContent = person.office;
      line.append(name, " ", office);
      line.addEventListener("mousedown", (event) => {
        event.preventDefault(); // the field keeps the caret
        choose(field, person.name);
      });
      return line;
    }),
  );
  mark(field, 0);
  aloud(say(`${people.length} người. Dùng mũi tên để chọn.`, `${people.length} people. Choose with the arrows.`));
}

function made(field: HTMLTextAreaElement): HTMLElement {
  const list = document.createElement("ul");
  list.id = `${field.id}-people`;
  list.className = "people-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", say("Người có thể nhắc đến", "Whom you may name"));
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  return list;
}

function listOf(field: HTMLTextAreaElement): HTMLElement | null {
  return document.getElementById(`${field.id}-people`);
}

function mark(field: HTMLTextAreaElement, at: number): void {
  const lines = [...(listOf(field)?.children ?? [])];
  const chosen = (at + lines.length) % lines.length;
  lines.forEach((line, place) => line.setAttribute("aria-selected", String(place === chosen)));
  field.setAttribute("aria-activedescendant", lines[chosen]?.id ?? "");
}

function press(event: KeyboardEvent): void {
  const field = event.target as HTMLTextAreaElement;
  if (!field.matches?.("textarea[data-people]") || event.isComposing) return;
  const lines = [...(listOf(field)?.children ?? [])] as HTMLElement[];
  if (!lines.length || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  const acts: Record<string, () => void> = {
    ArrowDown: () => mark(field, at + 1),
    ArrowUp: () => mark(field, at - 1),
    Enter: () => choose(field, lines[at]?.dataset.name ?? ""),
    Tab: () => choose(field, lines[at]?.dataset.name ?? ""),
    Escape: () => close(field),
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function choose(field: HTMLTextAreaElement, name: string): void {
  const before = field.value.slice(0, field.selectionStart);
  const begun = before.lastIndexOf("@");
  field.setRangeText(`@${name} `, begun, field.selectionStart, "end");
  close(field);
  field.dispatchEvent(new Event("input", { bubbles: true })); // what is typed is kept
  aloud(name);
}

function close(field: HTMLTextAreaElement): void {
  listOf(field)?.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}
