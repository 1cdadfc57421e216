/** The side, folded away on small screens. */

export function foldSide(): void {
  const side = document.getElementById("side");
  const toggle = side?.querySelector<HTMLButtonElement>(".side-toggle");
  toggle?.addEventListener("click", () => {
    const open = side?.classList.toggle("open") ?? false;
    toggle.setAttribute("aria-expanded", String(open));
  });
}
