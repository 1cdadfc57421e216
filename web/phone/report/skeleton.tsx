/** The report's page as it will be, before it is there. */

import { words } from "./words";

export function SkeletonReport() {
  return (
    <div aria-busy="true">
      <span class="unseen">{words().loading}</span>
      <div class="pictures" aria-hidden="true">
        <span class="skeleton skeleton-pictures" />
      </div>
      <div class="body report-body" aria-hidden="true">
        <span class="skeleton skeleton-title" />
        <span class="skeleton skeleton-line short" />
        <span class="skeleton skeleton-line shorter" />
        <SkeletonTimeline />
      </div>
    </div>
  );
}

export function SkeletonTimeline() {
  return (
    <div class="timeline" aria-hidden="true">
      {[0, 1, 2].map((n) => (
        <div class="entry" key={n}>
          <span class="skeleton skeleton-ring" />
          <div class="entry-text">
            <span class="skeleton skeleton-line short" />
            <span class="skeleton skeleton-line shorter" />
          </div>
        </div>
      ))}
    </div>
  );
}
