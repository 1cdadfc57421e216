/** The side, folded away on small screens; where one is stands in sight of it. */

export function foldSide(): void {
  const side = document.getElementById("side");
  const toggle = side?.querySelector<HTMLButtonElement>(".side-toggle");
  toggle?.addEventListener("click", () => {
    const open = side?.classList.toggle("open") ?? false;
    toggle.setAttribute("aria-expanded", String(open));
    if (open) showHere(side);
  });
  showHere(side);
}

/** Scrolls the list of places alone: the page beneath stays where it is. */
function showHere(side: HTMLElement | null | undefined): void {
  const places = side?.querySelector<HTMLElement>(".side-places");
  const here = places?.querySelector<HTMLElement>("[aria-current]");
  if (!places || !here) return;
  const below = here.offsetTop + here.offsetHeight - places.offsetTop - places.clientHeight;
  if (below > 0) places.scrollTop = below + here.offsetHeight;
}
