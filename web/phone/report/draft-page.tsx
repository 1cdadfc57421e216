/** A report that is on this phone alone: what it holds, how it stands, what can be done with it. */

import { MapPin } from "lucide";
import { categoryOf } from "../core/city";
import type { Draft } from "../core/db";
import { go } from "../core/router";
import { spokenPast } from "../core/time";
import { areaAt } from "../map/places";
import { DraftButtons } from "../mine/draft-buttons";
import { SendState } from "../sending/state";
import { Icon } from "../ui/icon";
import { Top } from "../ui/top";
import { KeptPhotos } from "./photo-field";
import { words } from "./words";

export function DraftPage({ draft }: { draft: Draft }) {
  const w = words();
  const category = categoryOf(draft.category)?.name ?? w.noCategory;
  return (
    <>
      <Top title={w.notSent} backTo="/mine" />
      <div class="body report-body">
        <KeptPhotos photos={draft.photos} />
        <section class="facts">
          <h2 class="report-title">{draft.description.trim() || category}</h2>
          {draft.description.trim() && <p class="muted">{category}</p>}
        </section>
        <section class="panel panel-wash asked">
          <SendState item={draft} />
          <DraftButtons draft={draft} gone={() => go("/mine", { replace: true })} />
        </section>
        <p class="with-icon">
          <Icon of={MapPin} />
          <span>{placeOf(draft)}</span>
        </p>
        <p class="muted">{w.savedAt(spokenPast(new Date(draft.changedAt)))}</p>
      </div>
    </>
  );
}

function placeOf(draft: Draft): string {
  if (!draft.pin) return draft.placeNote || words().noPlace;
  const area = areaAt(draft.pin.lat, draft.pin.lng)?.name;
  return [draft.placeNote, draft.pin.name, area].filter(Boolean).join(" · ") || words().noPlace;
}
