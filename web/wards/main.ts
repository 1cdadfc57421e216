/** What makes it easier to find one's ward, where there is a script: names while one types, the place
 * where one stands, and a tap on the map. Without it the same page serves. */

import { say } from "../console/words";
import { fold } from "../phone/core/guessing";

const MOST = 6;
const PATIENCE_MS = 12_000;

interface Ward {
  row: HTMLElement;
  link: HTMLAnchorElement;
  names: string[]; // without diacritics: its own, then former ones
  former: string[];
}

const wards: Ward[] = [...document.querySelectorAll<HTMLElement>(".all-wards li")].map((row) => ({
  row,
  link: row.querySelector("a") as HTMLAnchorElement,
  names: (row.dataset.names ?? "").split("|"),
  former: row.dataset.former?.split(", ") ?? [],
}));

names();
place();
map();

/** The wards of a name, while it is being typed. */
function names(): void {
  const field = document.querySelector<HTMLInputElement>("#q");
  const list = document.querySelector<HTMLElement>(".finder .found");
  const told = document.querySelector<HTMLElement>(".finder-said");
  if (!field || !list || !told) return;
  field.addEventListener("input", () => {
    const text = field.value.trim();
    const found = text ? search(text).slice(0, MOST) : [];
    list.replaceChildren(...found.map(({ ward, former }) => item(ward, former)));
    list.hidden = found.length === 0;
    told.hidden = !text;
    told.textContent = found.length
      ? say(`${found.length} nơi có tên như vậy`, found.length === 1 ? "1 place of that name" : `${found.length} places of that name`)
      : say(`Không có phường, xã nào tên “${text}”.`, `No ward is called “${text}”.`);
  });
}

/** Best first: the whole name, its beginning, a word's beginning; own names before former ones. */
function search(text: string): { ward: Ward; former: string | null }[] {
  const said = fold(text).trim().replace(/^(phuong|xa|p|x|thi tran|dac khu)[. ]+/, "");
  const ranked = wards.flatMap((ward) => {
    const fits = ward.names.map((name, n) => rank(name, said) * 2 + (n > 1 ? 1 : 0));
    const best = Math.min(...fits);
    const at = fits.indexOf(best);
    return best < 6 ? [{ ward, best, former: at > 1 ? (ward.former[at - 2] ?? null) : null }] : [];
  });
  return ranked.sort((a, b) => a.best - b.best);
}

function rank(name: string, said: string): number {
  const at = ` ${name}`.indexOf(` ${said}`);
  return !said || at < 0 ? 3 : name === said ? 0 : at === 0 ? 1 : 2;
}

function item(ward: Ward, former: string | null): HTMLElement {
  const row = document.createElement("li");
  const link = document.createElement("a");
  link.href = ward.link.href;
  link.textContent = ward.link.dataset.name ?? "";
  if (former) {
    const beside = document.createElement("span");
    beside.className = "muted";
    beside.textContent = say(`trước là ${former}`, `formerly ${former}`);
    link.append(" ", beside);
  }
  row.append(link);
  return row;
}

/** The ward where this phone is. The point goes in a body: addresses of requests are logged. */
function place(): void {
  const button = document.querySelector<HTMLButtonElement>(".finder .here");
  const told = document.querySelector<HTMLElement>(".here-said");
  if (!button || !told || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    told.textContent = say("Đang tìm vị trí…", "Looking where you are…");
    button.disabled = true;
    ask()
      .then(({ coords }) => wardAt(coords.latitude, coords.longitude))
      .then((code) => location.assign(addressOf(code)))
      .catch((error: unknown) => {
        told.textContent = error instanceof Trouble ? error.message : lost();
      })
      .finally(() => (button.disabled = false));
  });
}

class Trouble extends Error {}

function ask(): Promise<GeolocationPosition> {
  return new Promise((done, failed) => {
    navigator.geolocation.getCurrentPosition(
      done,
      ({ code }) => failed(new Trouble(code === 1 ? denied() : lost())),
      { enableHighAccuracy: false, timeout: PATIENCE_MS, maximumAge: 300_000 },
    );
  });
}

async function wardAt(lat: number, lng: number): Promise<string> {
  const answer = await fetch("/api/v1/places/name", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify({ lat, lng }),
  });
  const told = (await answer.json()) as { area?: { code: string }; detail?: string };
  if (!answer.ok || !told.area) throw new Trouble(told.detail ?? lost());
  return told.area.code;
}

const denied = () =>
  say(
    "Máy chưa cho trang này biết vị trí. Cho phép trong cài đặt của trình duyệt, hoặc gõ tên phường, xã ở trên.",
    "This page may not know where you are. Allow it in the browser's settings, or type the ward's name above.",
  );

const lost = () =>
  say(
    "Chưa tìm được vị trí của máy. Gõ tên phường, xã ở trên.",
    "Where you are could not be found. Type the ward's name above.",
  );

/** A tap on the map leads to the ward there. */
function map(): void {
  const figure = document.querySelector<HTMLElement>(".map");
  if (!figure?.querySelector(".land")) return;
  figure.classList.add("leads");
  figure.addEventListener("click", ({ clientX, clientY }) => {
    const under = document.elementsFromPoint(clientX, clientY);
    const code = under.map((one) => one.getAttribute("data-code")).find((one) => one !== null);
    if (code) location.assign(addressOf(code));
  });
}

/** Beside this page, in its month and language. */
function addressOf(code: string): string {
  const url = new URL(`/figures/${code}`, location.origin);
  for (const name of ["month", "lang"]) {
    const kept = new URLSearchParams(location.search).get(name);
    if (kept) url.searchParams.set(name, kept);
  }
  return url.href;
}
