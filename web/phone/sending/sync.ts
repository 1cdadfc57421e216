/** By this name the browser wakes the service worker to send. Apart, so that both know it alone. */
export const SYNC = "xom-send";
