/** Looking closer at one picture with two fingers, two taps, or a button. While it is not enlarged the
 * strip's own swiping is left to the browser. */

const MOST = 5;
const BY_TAPS = 2.5;
const TAPS_WITHIN_MS = 300;

export interface Zoom {
  to: (scale: number) => void;
  reset: () => void;
}

interface Point {
  x: number;
  y: number;
}

export function zoomable(page: HTMLElement, tell: (scale: number) => void): Zoom {
  const fingers = new Map<number, Point>();
  let [scale, x, y] = [1, 0, 0];
  let tapped = 0;
  const picture = () => page.querySelector<HTMLElement>("img");

  const draw = () => {
    const image = picture();
    if (image) image.style.transform = scale === 1 ? "" : `translate(${x}px, ${y}px) scale(${scale})`;
    page.classList.toggle("enlarged", scale > 1);
    tell(scale);
  };
  /** Enlarge so that the point under the finger stays there. */
  const scaleAt = (wanted: number, at: Point) => {
    const next = Math.min(MOST, Math.max(1, wanted));
    const box = page.getBoundingClientRect();
    const [fromX, fromY] = [at.x - box.left - box.width / 2, at.y - box.top - box.height / 2];
    x = fromX - ((fromX - x) * next) / scale;
    y = fromY - ((fromY - y) * next) / scale;
    scale = next;
    hold();
  };
  /** The picture is not pushed out of the page. */
  const hold = () => {
    const reach = (length: number) => (length * (scale - 1)) / 2;
    x = Math.min(reach(page.clientWidth), Math.max(-reach(page.clientWidth), x));
    y = Math.min(reach(page.clientHeight), Math.max(-reach(page.clientHeight), y));
    draw();
  };
  const middle = (): Point => {
    const box = page.getBoundingClientRect();
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };

  page.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (scale > 1) page.setPointerCapture(event.pointerId);
  });
  page.addEventListener("pointermove", (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    if (other) scaleAt((scale * apart(now, other)) / Math.max(1, apart(was, other)), between(now, other));
    else if (scale > 1) {
      x += now.x - was.x;
      y += now.y - was.y;
      hold();
    }
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"] as const) {
    page.addEventListener(name, (event) => fingers.delete(event.pointerId));
  }
  page.addEventListener("click", (event) => {
    const twice = event.timeStamp - tapped < TAPS_WITHIN_MS;
    tapped = twice ? 0 : event.timeStamp;
    if (twice) scaleAt(scale > 1 ? 1 : BY_TAPS, { x: event.clientX, y: event.clientY });
  });

  return {
    to: (wanted) => scaleAt(wanted, middle()),
    reset: () => scaleAt(1, middle()),
  };
}

const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
const between = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
