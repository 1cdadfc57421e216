/** The time slider: one part of the period after the other, by hand or by itself. Its right end is the whole
 * period. Whoever wants no motion goes step by step. */

import { say } from "../console/words";
import { calm } from "../phone/map/able";

export interface Frame {
  since: string;
  until: string;
}

const BEAT_MS = 900;

export class Slider {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frames: Frame[] = [];
  private readonly range: HTMLInputElement;
  private readonly button: HTMLButtonElement;
  private readonly told: HTMLOutputElement;
  private readonly summing: HTMLInputElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly onMoved: () => Promise<void>,
  ) {
    this.range = root.querySelector("input[type=range]") as HTMLInputElement;
    this.button = root.querySelector("button") as HTMLButtonElement;
    this.told = root.querySelector("output") as HTMLOutputElement;
    this.summing = root.querySelector("input[type=checkbox]") as HTMLInputElement;
    this.range.addEventListener("input", () => {
      this.stop();
      void this.moved();
    });
    this.summing.addEventListener("change", () => void this.moved());
    this.button.addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
  }

  /** The parts of a period; with fewer than two there is nothing to slide over. */
  set(frames: Frame[]): void {
    if (same(frames, this.frames)) return;
    this.stop();
    this.frames = frames;
    this.root.hidden = frames.length < 2;
    this.range.max = String(frames.length);
    this.range.value = String(frames.length);
    this.tell();
  }

  /** Which parts are shown, as [first, after the last); null for the whole period. */
  get shown(): [number, number] | null {
    const at = Number(this.range.value);
    if (at >= this.frames.length) return null;
    return this.summing.checked ? [0, at + 1] : [at, at + 1];
  }

  /** Do the parts shown grow to the whole? */
  get addsUp(): boolean {
    return this.summing.checked;
  }

  get days(): Frame | null {
    const shown = this.shown;
    if (!shown) return null;
    const [first, last] = [this.frames[shown[0]], this.frames[shown[1] - 1]];
    return first && last ? { since: first.since, until: last.until } : null;
  }

  private play(): void {
    if (this.shown === null) this.range.value = "0";
    this.look(true);
    const beat = async () => {
      await this.moved();
      if (!this.timer) return;
      if (this.shown === null) return this.stop();
      this.timer = setTimeout(() => {
        this.range.value = String(Number(this.range.value) + 1);
        void beat();
      }, calm() ? BEAT_MS * 2 : BEAT_MS);
    };
    this.timer = setTimeout(() => undefined);
    void beat();
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.look(false);
  }

  private look(plays: boolean): void {
    this.button.classList.toggle("plays", plays);
    this.button.setAttribute("aria-label", plays ? say("Dừng", "Pause") : say("Phát theo thời gian", "Play over time"));
  }

  private async moved(): Promise<void> {
    this.tell();
    await this.onMoved();
  }

  private tell(): void {
    const words = spoken(this.days ?? whole(this.frames));
    this.told.textContent = words;
    this.range.setAttribute("aria-valuetext", words);
    this.range.dataset.part = String(Number(this.range.value) / Math.max(1, this.frames.length));
  }
}

function whole(frames: Frame[]): Frame | null {
  const [first, last] = [frames[0], frames[frames.length - 1]];
  return first && last ? { since: first.since, until: last.until } : null;
}

/** 3/11; 1 – 21/11; 28/10 – 3/11/2026. */
export function spoken(days: Frame | null): string {
  if (!days) return "";
  const [first, last] = [new Date(`${days.since}T00:00Z`), new Date(`${days.until}T00:00Z`)];
  last.setUTCDate(last.getUTCDate() - 1);
  const en = document.documentElement.lang === "en";
  const day = (one: Date, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(en ? "en-GB" : "vi", { timeZone: "UTC", ...parts }).format(one);
  const month = en ? "short" : "numeric";
  if (+first === +last) return day(last, { day: "numeric", month });
  const together = first.getUTCMonth() === last.getUTCMonth() && first.getUTCFullYear() === last.getUTCFullYear();
  return `${day(first, together ? { day: "numeric" } : { day: "numeric", month })} – ${day(last, { day: "numeric", month })}`;
}

function same(a: Frame[], b: Frame[]): boolean {
  return a.length === b.length && a.every((one, n) => one.since === b[n]?.since && one.until === b[n]?.until);
}
