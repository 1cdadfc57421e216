/** Boxes over a photo: drawn with the pointer, moved and sized with the arrows. What is sent are the
 * numbers of the table beneath, in pixels of the photo. */

import { aloud, say } from "./words";

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const STEP = 8; // pixels of the photo that an arrow moves
const LEAST = 8;

export function drawBoxes(): void {
  const stage = document.querySelector<HTMLElement>("[data-redact]");
  const table = document.querySelector<HTMLElement>("[data-boxes]");
  if (!stage || !table) return;
  const size = { w: Number(stage.dataset.width), h: Number(stage.dataset.height) };
  const boxes = [...table.querySelectorAll("tr")].map(read).filter((box) => box.w > 0 && box.h > 0);
  const add = document.querySelector<HTMLElement>("[data-add-box]");
  document.querySelector(".redact-how")?.removeAttribute("hidden");
  document.querySelector(".redact-numbers")?.removeAttribute("open");
  add?.removeAttribute("hidden");

  const layer = document.createElement("div");
  layer.className = "redact-layer";
  stage.append(layer);

  const draw = (focus?: number) => {
    layer.replaceChildren(...boxes.map(element));
    write(table, boxes);
    if (focus !== undefined) (layer.children[focus] as HTMLElement | undefined)?.focus();
  };
  const element = (box: Box, number: number) => {
    const drawn = document.createElement("div");
    drawn.className = "redact-box";
    drawn.tabIndex = 0;
    drawn.setAttribute("role", "group");
    drawn.setAttribute("aria-label", `${stage.dataset.box} ${number + 1}: ${box.x}, ${box.y}, ${box.w} × ${box.h}`);
    place(drawn, box, size);
    drawn.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        boxes.splice(number, 1);
        aloud(say("Đã bỏ ô.", "The box is gone."));
        return draw(Math.max(0, number - 1));
      }
      const by = ARROWS[event.key];
      if (!by) return;
      event.preventDefault();
      const [dx, dy] = [by[0] * STEP, by[1] * STEP];
      boxes[number] = within(event.shiftKey ? { ...box, w: box.w + dx, h: box.h + dy } : { ...box, x: box.x + dx, y: box.y + dy }, size);
      draw(number);
    });
    return drawn;
  };
  const at = (event: PointerEvent) => {
    const frame = layer.getBoundingClientRect();
    const scale = size.w / frame.width;
    return { x: (event.clientX - frame.left) * scale, y: (event.clientY - frame.top) * scale };
  };
  layer.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const start = at(event);
    const held = [...layer.children].indexOf(event.target as Element);
    const before = boxes[held];
    const fresh = document.createElement("div");
    fresh.className = "redact-box";
    if (!before) layer.append(fresh);
    let now: Box = before ?? { ...start, w: 0, h: 0 };
    layer.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => {
      const to = at(moved);
      now = before ? within({ ...before, x: before.x + to.x - start.x, y: before.y + to.y - start.y }, size) : between(start, to, size);
      place(before ? (layer.children[held] as HTMLElement) : fresh, now, size);
    };
    const done = () => {
      layer.removeEventListener("pointermove", move);
      layer.removeEventListener("pointerup", done);
      layer.removeEventListener("pointercancel", done);
      if (before) boxes[held] = now;
      else if (now.w >= LEAST && now.h >= LEAST) boxes.push(now);
      draw(before ? held : boxes.length - 1);
    };
    layer.addEventListener("pointermove", move);
    layer.addEventListener("pointerup", done);
    layer.addEventListener("pointercancel", done);
  });
  table.addEventListener("change", () => {
    boxes.splice(0, boxes.length, ...[...table.querySelectorAll("tr")].map(read).filter((box) => box.w > 0 && box.h > 0));
    layer.replaceChildren(...boxes.map(element));
  });
  add?.addEventListener("click", () => {
    const [w, h] = [Math.round(size.w / 5), Math.round(size.h / 8)];
    boxes.push({ x: Math.round((size.w - w) / 2), y: Math.round((size.h - h) / 2), w, h });
    draw(boxes.length - 1);
  });
  draw();
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function read(row: HTMLTableRowElement): Box {
  const number = (name: string) => Number(row.querySelector<HTMLInputElement>(`[name=${name}]`)?.value || 0);
  return { x: number("x"), y: number("y"), w: number("w"), h: number("h") };
}

/** One row a box; the rows left over are empty. */
function write(table: HTMLElement, boxes: Box[]): void {
  const rows = [...table.querySelectorAll("tr")];
  const model = rows[0];
  while (model && rows.length < boxes.length) {
    const row = model.cloneNode(true) as HTMLTableRowElement;
    table.append(row);
    rows.push(row);
  }
  rows.forEach((row, number) => {
    const box = boxes[number];
    for (const name of ["x", "y", "w", "h"] as const) {
      const field = row.querySelector<HTMLInputElement>(`[name=${name}]`);
      if (field) field.value = box ? String(Math.round(box[name])) : "";
    }
  });
}

function place(drawn: HTMLElement, box: Box, size: { w: number; h: number }): void {
  drawn.style.left = `${(box.x / size.w) * 100}%`;
  drawn.style.top = `${(box.y / size.h) * 100}%`;
  drawn.style.width = `${(box.w / size.w) * 100}%`;
  drawn.style.height = `${(box.h / size.h) * 100}%`;
}

function within(box: Box, size: { w: number; h: number }): Box {
  const w = Math.min(Math.max(LEAST, box.w), size.w);
  const h = Math.min(Math.max(LEAST, box.h), size.h);
  return { x: Math.min(Math.max(0, box.x), size.w - w), y: Math.min(Math.max(0, box.y), size.h - h), w, h };
}

function between(a: { x: number; y: number }, b: { x: number; y: number }, size: { w: number; h: number }): Box {
  const [left, right] = [Math.max(0, Math.min(a.x, b.x)), Math.min(size.w, Math.max(a.x, b.x))];
  const [top, bottom] = [Math.max(0, Math.min(a.y, b.y)), Math.min(size.h, Math.max(a.y, b.y))];
  return { x: left, y: top, w: right - left, h: bottom - top };
}
