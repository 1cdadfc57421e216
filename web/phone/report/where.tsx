/** Where it is: a small map that is only looked at, the ward, and the reporter's own words for it. */

import { MapPin, Navigation } from "lucide";
import { useId, useState } from "preact/hooks";
import type { Report } from "../core/types";
import { PinMap } from "../map/pin-map";
import { isApplePhone } from "../push/browser";
import { Icon } from "../ui/icon";
import { words } from "./words";

export function Where({ report }: { report: Report }) {
  const [map, setMap] = useState(true);
  const heading = useId();
  const w = words();
  const { lat, lng } = report;
  if (lat === undefined || lng === undefined) return null;
  return (
    <section class="panel where" aria-labelledby={heading}>
      {map && (
        <div class="where-map">
          <PinMap lat={lat} lng={lng} interactive={false} height={140} onUnavailable={() => setMap(false)} />
        </div>
      )}
      <div class="where-words">
        <h2 id={heading} class="unseen">
          {w.where}
        </h2>
        <Icon of={MapPin} />
        <p>
          {report.place_note && <strong>{report.place_note}</strong>}
          <span class={report.place_note ? "muted" : ""}>{report.area.name}</span>
        </p>
        <a class="where-go" href={wayTo(lat, lng)} rel="noreferrer">
          <Icon of={Navigation} />
          {w.openMap}
        </a>
      </div>
    </section>
  );
}

/** Android asks which map app to open; an iPhone knows no such links, and opens its own maps by this. */
function wayTo(lat: number, lng: number): string {
  return isApplePhone() ? `https://maps.apple.com/?daddr=${lat},${lng}` : `geo:${lat},${lng}?q=${lat},${lng}`;
}
