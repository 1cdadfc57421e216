import { signal } from "@preact/signals";

export const waitingCount = signal(0);
export function startSending(): void {}
