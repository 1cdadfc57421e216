/** A button that copies what is shown once: a link, a key, recovery codes. Without scripts one selects it by
 * hand. */

import { say } from "./words";

export function offerCopying(): void {
  offer();
  document.addEventListener("htmx:after:swap", offer);
}

function offer(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copies]")) {
    const shown = document.getElementById(button.dataset.copies ?? "");
    const around = button.closest<HTMLElement>(".copies");
    if (!shown || !around?.hidden) continue; // it is offered already
    around.hidden = false;
    button.addEventListener("click", () => void copy(shown, button));
  }
}

async function copy(shown: HTMLElement, button: HTMLButtonElement): Promise<void> {
  const taken = (await byClipboard(textOf(shown))) || bySelecting(shown);
  const told = button.parentElement?.querySelector<HTMLElement>("[data-copied]");
  if (!told) return;
  told.textContent = taken
    ? say("Đã chép", "Copied")
    : say("Máy không cho chép. Phần ấy đang được chọn: bấm Ctrl C.", "It could not be copied. It is selected: press Ctrl C.");
}

/** Not every browser lets a page do it, and none does over plain http. */
async function byClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function bySelecting(shown: HTMLElement): boolean {
  if (shown instanceof HTMLTextAreaElement) shown.select();
  else getSelection()?.selectAllChildren(shown);
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

/** A list is copied line by line. */
function textOf(shown: HTMLElement): string {
  if (shown instanceof HTMLTextAreaElement) return shown.value;
  const lines = [...shown.querySelectorAll("li")].map((line) => line.textContent?.trim() ?? "");
  return lines.length ? lines.join("\n") : (shown.textContent?.trim() ?? "");
}
