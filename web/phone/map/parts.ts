/** The map's own files, fetched before anything is made of them: an import or a worker that failed once
 * may go on failing when the network is back, a fetch does not. Once here, they stay on the phone. */

import { boot } from "../core/boot";

/** Throws when one of them does not come. */
export async function fetchParts(): Promise<void> {
  await Promise.all((boot.map ?? []).map(fetchPart));
}

async function fetchPart(address: string): Promise<void> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`no part of the map: ${response.status}`);
  // The service worker keeps what it fetches; on a first visit it has not seen this one.
  const kept = navigator.serviceWorker?.controller ? null : keep(address, response.clone());
  await Promise.all([response.arrayBuffer(), kept]);
}

/** Beside the files that `sw/shell.ts` keeps for this build, and cleared away with them. */
async function keep(address: string, response: Response): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await (await caches.open(`xom-${boot.build}`)).put(address, response);
  } catch {
    // a full phone, or a private window
  }
}
