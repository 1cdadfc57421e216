/** Pictures in full: one after the other, larger on a tap. */

import { say } from "./words";

export function showPictures(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("[data-viewer] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const all = [...(link.closest("[data-viewer]")?.querySelectorAll("a") ?? [])];
    open(all, all.indexOf(link));
  });
}

function open(links: HTMLAnchorElement[], first: number): void {
  let at = first;
  const dialog = document.createElement("dialog");
  dialog.className = "viewer";
  dialog.setAttribute("aria-label", say("Ảnh", "Photo"));
  const picture = document.createElement("img");
  const bar = document.createElement("div");
  bar.className = "viewer-bar";
  const count = document.createElement("span");
  const show = (place: number) => {
    at = (place + links.length) % links.length;
    const link = links[at];
    if (!link) return;
    picture.src = link.href;
    picture.alt = link.querySelector("img")?.alt ?? "";
    picture.classList.remove("large");
    count.textContent = `${at + 1} / ${links.length}`;
  };
  const button = (words: string, act: () => void) => {
    const made = document.createElement("button");
    made.className = "button button-small";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  };
  if (links.length > 1) {
    bar.append(button(say("Trước", "Before"), () => show(at - 1)), count, button(say("Sau", "Next"), () => show(at + 1)));
  }
  bar.append(
    button(say("Phóng to", "Enlarge"), () => picture.classList.toggle("large")),
    button(say("Đóng", "Close"), () => dialog.close()),
  );
  picture.addEventListener("click", () => picture.classList.toggle("large"));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  dialog.addEventListener("close", () => dialog.remove());
  const frame = document.createElement("div");
  frame.className = "viewer-frame";
  frame.append(picture);
  dialog.append(bar, frame);
  document.body.append(dialog);
  show(at);
  dialog.showModal();
}
