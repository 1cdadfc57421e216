/** The pictures that were chosen for a form, small beneath the field, before they are sent; and no complaint that
 * they are missing once they are there. */

import { say } from "./words";

const SHOWN = "[data-chosen]";

export function showChosen(): void {
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "file" && target.accept.startsWith("image/")) show(target);
  });
}

function show(field: HTMLInputElement): void {
  const around = field.closest(".field") ?? field.parentElement;
  around?.querySelector(SHOWN)?.remove();
  const files = [...(field.files ?? [])];
  if (files.length === 0) return;
  around?.classList.remove("wrong");
  around?.querySelector(".field-error")?.remove();
  const pictures = document.createElement("div");
  pictures.className = "pictures small";
  pictures.dataset.chosen = "";
  pictures.append(...files.map((file, place) => picture(file, place + 1)));
  field.after(pictures);
}

function picture(file: File, number: number): HTMLImageElement {
  const image = new Image();
  image.alt = `${say("Ảnh đã chọn", "Chosen photo")} ${number}: ${file.name}`;
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  image.addEventListener("error", () => image.remove()); // what this browser cannot draw is sent all the same
  image.src = URL.createObjectURL(file);
  return image;
}
