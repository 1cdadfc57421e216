/** The chosen cell: its figures, and the way to its reports. */

import { say } from "../console/words";
import { type Board, daysOf } from "./board";
import type { Cell } from "./heat";
import { LEAST, METRICS, figure, signed, timedOf } from "./ramp";
import type { Frame } from "./slider";
import { wardOf } from "./wards";

export function drawCell(root: HTMLElement, cell: Cell | null, board: Board, days: Frame | null, close: () => void): void {
  root.hidden = cell === null;
  if (!cell) return root.replaceChildren();
  const shut = made("button", "icon-button cell-shut", "×") as HTMLButtonElement;
  shut.type = "button";
  shut.setAttribute("aria-label", say("Đóng", "Close"));
  shut.addEventListener("click", close);
  const list = made("dl", "cell-figures");
  for (const [name, value] of rows(cell, board, days !== null)) list.append(made("dt", "", name), made("dd", "", value));
  const link = made("a", "button button-small", say("Xem các phản ánh", "See its reports")) as HTMLAnchorElement;
  link.href = queueOf(cell, board, days);
  root.replaceChildren(made("h3", "", say(`Ô có tâm ở ${wardOf(cell)}`, `Cell centred in ${wardOf(cell)}`)), shut, list, link);
  if (board.own) root.append(made("p", "small muted", onlyAssigned()));
}

/** The map counts what is proposed to an office too; its list begins when the centre has given it the report. */
export function onlyAssigned(): string {
  return say("Bản đồ tính cả phản ánh trung tâm chưa giao hẳn cho đơn vị. Danh sách chỉ có phản ánh đã giao.",
    "The map also counts reports that the centre has not yet given to the office. The list has those that it was given.");
}

/** The console's list of the reports that are counted here; of a head's, those that their office was given. */
export function queueOf(cell: Cell, board: Board, days: Frame | null): string {
  const { since, until } = days ?? daysOf(board);
  const query = new URLSearchParams({ ...board.filters, cell: cell.cell, since, until });
  if (!query.has("status")) query.set("status", "all");
  if (query.get("status") === "resolved") query.set("status", "resolved,closed");
  return `${board.queue}?${query}`;
}

function rows(cell: Cell, board: Board, part: boolean): [string, string][] {
  const count: [string, string] = [say("Phản ánh", "Reports"), figure(cell.count)];
  const before: [string, string][] =
    board.change && cell.before !== undefined && board.past
      ? [[say(`So với ${board.past.name}`, `Against ${board.past.name}`), `${signed(cell.count - cell.before)} (${figure(cell.before)})`]]
      : [];
  if (part && (board.metric === "count" || board.metric === "per_1000")) return [count, ...before];
  const late = timedOf(cell);
  return [
    count,
    ...before,
    [say("Đang mở", "Open"), cell.overdue
      ? say(`${figure(cell.open)}, ${figure(cell.overdue)} quá hạn`, `${figure(cell.open)}, ${figure(cell.overdue)} overdue`)
      : figure(cell.open)],
    [say("Đúng hạn", "On time"), late ? say(`${figure(cell.on_time)} trong ${figure(late)}`, `${figure(cell.on_time)} of ${figure(late)}`) : "–"],
    [say("Ngày làm việc đến khi trả lời", "Working days to the answer"), told("days", cell)],
    [say("Hài lòng", "Satisfied"), cell.ratings
      ? say(`${figure(cell.satisfied)} trong ${figure(cell.ratings)} đánh giá`, `${figure(cell.satisfied)} of ${figure(cell.ratings)} ratings`)
      : say("chưa có đánh giá", "no ratings yet")],
    [say("Trên 1.000 dân (ước)", "Per 1,000 people (estimate)"), told("per_1000", cell)],
  ];
}

function told(metric: string, cell: Cell): string {
  const found = METRICS[metric];
  const value = found?.value(cell) ?? null;
  if (value !== null && found) return found.say(value);
  return metric === "days" && cell.resolve_n ? whyNoMedian(cell) : "–";
}

function whyNoMedian(cell: Cell): string {
  return cell.resolve_n < LEAST
    ? say("quá ít để nêu", "too few to say")
    : say("không tính cho khoảng ngày này", "not worked out for these days");
}

function made(tag: string, name: string, words = ""): HTMLElement {
  const one = document.createElement(tag);
  if (name) one.className = name;
  one.textContent = words;
  return one;
}
