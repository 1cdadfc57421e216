/** The map as a table, for whoever cannot use a map: the cells in sight with most to tell. */

import { say } from "../console/words";
import type { Board } from "./board";
import { onlyAssigned, queueOf } from "./cell-card";
import type { Cell } from "./heat";
import { figure, metricOf, signed } from "./ramp";
import { wardOf } from "./wards";

const MOST = 50;

export function drawList(root: HTMLElement, cells: Cell[], board: Board, pick: (cell: string) => void): void {
  const details = root.closest("details");
  const draw = () => {
    root.replaceChildren(table(cells, board, pick));
    if (!board.own) return;
    const note = document.createElement("p");
    note.className = "small muted";
    note.textContent = onlyAssigned();
    root.append(note);
  };
  if (!details || details.open) return draw();
  details.ontoggle = () => details.open && draw(); // a thousand wards looked up for nobody
}

function table(cells: Cell[], board: Board, pick: (cell: string) => void): HTMLElement {
  const metric = metricOf(board.metric);
  const change = board.change && board.past !== null;
  const by = (cell: Cell) => (change ? Math.abs(cell.count - (cell.before ?? 0)) : (metric.value(cell) ?? -1));
  const first = [...cells].sort((a, b) => by(b) - by(a) || b.count - a.count).slice(0, MOST);
  const drawn = document.createElement("table");
  drawn.className = "table";
  const caption = drawn.createCaption();
  caption.textContent =
    cells.length > MOST
      ? say(`${MOST} ô đứng đầu trong ${figure(cells.length)} ô đang thấy`, `The first ${MOST} of ${figure(cells.length)} cells in sight`)
      : say(`${figure(cells.length)} ô đang thấy`, `${figure(cells.length)} cells in sight`);
  const head = drawn.createTHead().insertRow();
  const same = !change && board.metric === "count"; // then one column tells it
  const measured = change ? say("Thay đổi", "Change") : metric.title();
  heading(head, say("Ô có tâm ở", "Cell centred in"));
  heading(head, say("Phản ánh", "Reports"), "number");
  if (!same) heading(head, measured, "number");
  heading(head, "").append(unseen(say("Mở", "Open")));
  const body = drawn.createTBody();
  for (const cell of first) {
    const row = body.insertRow();
    const name = document.createElement("button");
    name.type = "button";
    name.className = "link-button";
    name.textContent = wardOf(cell);
    name.addEventListener("click", () => pick(cell.cell));
    row.insertCell().append(name);
    const value = metric.value(cell);
    number(row, figure(cell.count));
    if (!same) number(row, change ? signed(cell.count - (cell.before ?? 0)) : value === null ? "–" : metric.say(value));
    const link = document.createElement("a");
    link.href = queueOf(cell, board, null);
    link.textContent = say("phản ánh", "reports");
    row.insertCell().append(link);
  }
  return drawn;
}

function heading(row: HTMLTableRowElement, words: string, name = ""): HTMLElement {
  const cell = document.createElement("th");
  cell.scope = "col";
  cell.className = name;
  cell.textContent = words;
  row.append(cell);
  return cell;
}

function number(row: HTMLTableRowElement, words: string): void {
  const cell = row.insertCell();
  cell.className = "number";
  cell.textContent = words;
}

function unseen(words: string): HTMLElement {
  const one = document.createElement("span");
  one.className = "unseen";
  one.textContent = words;
  return one;
}
