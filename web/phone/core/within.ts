/** An address of this site, whole; null for any other, however it is spelt (`//a.example`, `/.//a.example`,
 * `/\\a.example`). The page and the service worker ask it before they lead anywhere. */
export function within(to: unknown): string | null {
  if (typeof to !== "string" || !to.startsWith("/")) return null;
  try {
    const url = new URL(to, self.location.origin);
    const inside = url.origin === self.location.origin && !url.pathname.startsWith("//");
    return inside ? url.href : null;
  } catch {
    return null;
  }
}
