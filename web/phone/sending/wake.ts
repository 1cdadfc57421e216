/** Says that there is something to send. Who hears it is `outbox.ts`; apart, so that what writes the
 * queue need not know what empties it. */

let listener: () => void = () => undefined;

export function wake(): void {
  listener();
}

export function onWake(heard: () => void): void {
  listener = heard;
}
