/** The leaders' page's scripts. The figures are there without them; the map is not. */

import { readBoard } from "./board";
import { listenToControls } from "./controls";
import { Scene } from "./scene";

const root = document.querySelector<HTMLElement>(".heat");
const scene = root && new Scene(root, readBoard());
void scene?.begin();

listenToControls((board) => scene?.asked(board));

document.addEventListener("click", (event) => {
  const look = (event.target as Element).closest<HTMLElement>("[data-box]");
  if (look) scene?.lookAt(look.dataset.box?.split(",").map(Number) as [number, number, number, number]);
});

// One definition at a time, and Esc closes it.
document.addEventListener("toggle", (event) => {
  const opened = event.target as HTMLDetailsElement;
  if (!opened.matches?.(".definition[open]")) return;
  for (const other of document.querySelectorAll<HTMLDetailsElement>(".definition[open]")) {
    if (other !== opened) other.open = false;
  }
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector<HTMLDetailsElement>(".definition[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary")?.focus();
});
