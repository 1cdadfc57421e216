/** The button that prints: without scripts it is the browser's own menu that does. */
export function offerPrinting(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
