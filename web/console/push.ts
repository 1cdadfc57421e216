/** News on this computer's screen: asked for at a button, never at the door. The subscription is the
 * browser's, shown by the service worker (`phone/sw/pushes.ts`); where to send it, the console keeps. */

import { say } from "./words";

const WORKER_MS = 15_000;
const NAME = "xom-desk-installation"; // in localStorage: an id that says nothing of whose browser this is

interface Place {
  key: string;
  state: HTMLElement;
  on: HTMLButtonElement;
  off: HTMLButtonElement;
}

export function offerPush(): void {
  const section = document.getElementById("push");
  const [state, on, off] = ["state", "on", "off"].map((name) => section?.querySelector(`[data-push-${name}]`));
  if (!section || !state || !on || !off) return;
  const place = { key: section.dataset.key ?? "", state, on, off } as Place;
  if (!able()) return void tell(place, say("Trình duyệt này không hiện tin được. Tin vẫn nằm trong mục Thông báo.", "This browser cannot show news. It all stands under Messages."));
  section.querySelector<HTMLElement>(".form-actions")?.removeAttribute("hidden");
  place.on.addEventListener("click", () => void safely(place, turnOn));
  place.off.addEventListener("click", () => void safely(place, turnOff));
  void look(place);
}

/** Whoever signs out of this computer has their news taken off its screen. */
export function unlinkAtSignOut(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const action = form.getAttribute("action") ?? ""; // `form.action` is a field, where one has that name
    if (new URL(action, location.href).pathname !== "/console/sign-out" || remembered() === null) return;
    event.preventDefault();
    void turnOff()
      .catch(() => undefined)
      .finally(() => form.submit());
  });
}

function able(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

async function look(place: Place): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  const linked = Boolean(await registration?.pushManager.getSubscription()) && remembered() !== null;
  const shown = linked && Notification.permission === "granted";
  place.on.hidden = shown || Notification.permission === "denied";
  place.off.hidden = !shown;
  if (Notification.permission === "denied") {
    return tell(place, say("Trình duyệt đang chặn thông báo của trang này. Mở lại trong phần cài đặt trang (cạnh ô địa chỉ), rồi tải lại.", "The browser blocks notifications of this page. Allow them in the page's settings (beside the address), then reload."));
  }
  tell(
    place,
    shown
      ? say("Máy này hiện tin của bạn, cả khi không mở trang.", "This computer shows your news, even when the page is closed.")
      : say("Tin có thể hiện trên màn hình máy này, cả khi không mở trang.", "News can be shown on this computer's screen, even when this page is closed."),
  );
}

async function safely(place: Place, act: (place: Place) => Promise<void>): Promise<void> {
  place.on.disabled = place.off.disabled = true;
  try {
    await act(place);
    await look(place);
  } catch {
    tell(place, say("Chưa đổi được: trình duyệt hoặc mạng không trả lời. Thử lại khi có mạng.", "Not changed: the browser or the network does not answer. Try again once there is a network."));
  }
  place.on.disabled = place.off.disabled = false;
}

async function turnOn(place: Place): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return;
  await navigator.serviceWorker.register("/sw.js");
  const manager = (await ready()).pushManager;
  const key = bytesOf(place.key);
  const before = await manager.getSubscription();
  if (before && !isUnder(before, key)) await before.unsubscribe();
  const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await asked("POST", JSON.stringify(subscription.toJSON()));
}

/** The server first: then nothing is sent, whatever the browser does. */
async function turnOff(): Promise<void> {
  await asked("DELETE");
  const registration = await navigator.serviceWorker.getRegistration("/");
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  localStorage.removeItem(NAME);
}

async function asked(method: string, body?: string): Promise<void> {
  const id = remembered() ?? crypto.randomUUID();
  const answer = await fetch(`/console/me/devices/${id}`, { method, body });
  if (!answer.ok) throw new Error(String(answer.status));
  localStorage.setItem(NAME, id);
}

function remembered(): string | null {
  return localStorage.getItem(NAME);
}

function ready(): Promise<ServiceWorkerRegistration> {
  const none = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Error("no service worker")), WORKER_MS));
  return Promise.race([navigator.serviceWorker.ready, none]);
}

function isUnder(subscription: PushSubscription, key: Uint8Array): boolean {
  const used = subscription.options.applicationServerKey;
  if (!used) return true; // a browser that does not tell
  const bytes = new Uint8Array(used);
  return bytes.length === key.length && bytes.every((byte, at) => byte === key[at]);
}

/** From unpadded base64url, as VAPID keys are written. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function tell(place: Place, words: string): void {
  place.state.textContent = words;
}
