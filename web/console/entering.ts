/** Entering a report: a category shows its questions at once, Enter in the search looks the place up, a
 * click on the map moves the point. */

const METRES_A_DEGREE = 111_320;

export function helpEntering(): void {
  const form = document.querySelector<HTMLFormElement>(".enter-form");
  if (!form) return;
  const button = (id: string) => form.querySelector<HTMLButtonElement>(`#${id}`);
  form.querySelector("[data-looks]")?.addEventListener("change", () => form.requestSubmit(button("look")));
  form.querySelector("[data-enter]")?.addEventListener("keydown", (event) => {
    if ((event as KeyboardEvent).key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    form.requestSubmit(button("find"));
  });
  movePin(form);
}

function movePin(form: HTMLFormElement): void {
  const frame = form.querySelector<HTMLElement>("[data-pin]");
  const drawing = frame?.querySelector<SVGSVGElement>("svg");
  const pin = drawing?.querySelector<SVGCircleElement>(".pin");
  const field = form.querySelector<HTMLInputElement>("#place");
  if (!frame || !drawing || !pin || !field) return;
  const [lat = 0, lng = 0] = (frame.dataset.pin ?? "").split(",").map(Number);
  const metres = Number(frame.dataset.metres);
  const { width, height } = drawing.viewBox.baseVal;
  frame.dataset.live = "";
  form.querySelector("[data-pin-how]")?.removeAttribute("hidden");
  drawing.addEventListener("click", (event) => {
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    pin.removeAttribute("hidden");
    form.querySelector("[data-pin-ward]")?.remove(); // which ward it is now, the next page tells
    pin.setAttribute("cx", String(x));
    pin.setAttribute("cy", String(y));
    const up = ((height / 2 - y) * metres) / METRES_A_DEGREE;
    const right = ((x - width / 2) * metres) / (METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180));
    field.value = `${(lat + up).toFixed(5)}, ${(lng + right).toFixed(5)}`;
    field.dispatchEvent(new Event("input", { bubbles: true })); // what was chosen is kept
  });
}
