/** Putting the app on the home screen: the browser offers it once, early, so the offer is kept until
 * somebody looks for it under "Tôi". */

import { signal } from "@preact/signals";

interface InstallOffer extends Event {
  prompt: () => Promise<unknown>;
}

export const installOffer = signal<InstallOffer | null>(null);

export function watchInstall(): void {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    installOffer.value = event as InstallOffer;
  });
  addEventListener("appinstalled", () => (installOffer.value = null));
}

export async function install(): Promise<void> {
  await installOffer.value?.prompt().catch(() => undefined);
  installOffer.value = null; // an offer can be used once
}
