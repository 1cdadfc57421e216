/** Messages as they will be, before they are there. */

export function SkeletonMessages() {
  return (
    <div class="card" aria-busy="true">
      {[0, 1, 2, 3].map((n) => (
        <div class="message-skeleton" key={n} aria-hidden="true">
          <span class="skeleton skeleton-line short" />
          <span class="skeleton skeleton-line" />
        </div>
      ))}
    </div>
  );
}
