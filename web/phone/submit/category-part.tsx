/** What is it? A few kinds proposed, the likely one chosen until the resident chooses; all of them
 * under their groups behind "Other". */

import { Check, CircleEllipsis, ExternalLink, Lock, Phone, Scale, Search } from "lucide";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { categories, categoryOf, city } from "../core/city";
import { locale } from "../core/locale";
import type { Category } from "../core/types";
import { categoryIcon } from "../ui/category-icons";
import { TextField } from "../ui/field";
import { Icon } from "../ui/icon";
import { Sheet } from "../ui/sheet";
import { type Nearby, type Proposals, grouped, propose, unsorted, useNearby, useUsed } from "./proposals";
import type { Writing } from "./state";
import { words } from "./words";

const GUESS_AFTER_MS = 250;

export interface Kind extends Proposals {
  /** Chosen by the resident, or the likely one. */
  category: Category | null;
  chosen: boolean;
}

/** The kind that this report has now, and what else is proposed. */
export function useKind(writing: Writing): Kind {
  const { category: code, description, pin } = writing.draft.value;
  const nearby: Nearby = useNearby(pin);
  const used = useUsed();
  const text = useLater(description);
  const all = categories.value;
  const proposals = useMemo(() => propose(text, nearby, used, all), [text, nearby, used, all]);
  const chosen = categoryOf(code) ?? null;
  return { ...proposals, category: chosen ?? proposals.likely, chosen: chosen !== null };
}

/** Words a moment after they were typed: the chips must not dance at every letter. */
function useLater(text: string): string {
  const [later, tell] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => tell(text), GUESS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return later;
}

export function CategoryPart({ writing, kind }: { writing: Writing; kind: Kind }) {
  const [all, setAll] = useState(false);
  const w = words();
  const shown = useSteady(kind);
  const choose = (category: Category) => {
    setAll(false);
    const same = category.code === writing.draft.value.category;
    const again = category.code === kind.category?.code;
    if (!same) writing.change({ category: category.code, ...(again ? {} : { answers: {} }) });
  };
  if (!categories.value.length) return <p class="submit-part muted">{w.noKinds}</p>;
  return (
    <section class="submit-part" id="submit-kind">
      <fieldset class="submit-kinds">
        <legend>{w.what}</legend>
        <div class="choices">
          {shown.map((one) => (
            <label class="choice submit-choice" key={one.code}>
              <input
                type="radio"
                name="kind"
                checked={kind.category?.code === one.code}
                onClick={() => choose(one)}
                onChange={() => choose(one)}
              />
              <Icon of={categoryIcon(one.icon)} />
              {one.name}
            </label>
          ))}
          <button type="button" class="choice" aria-haspopup="dialog" onClick={() => setAll(true)}>
            <Icon of={CircleEllipsis} />
            {w.other}
          </button>
        </div>
      </fieldset>
      <About kind={kind} />
      {all && <AllKinds chosen={kind.category} onChoose={choose} onClose={() => setAll(false)} />}
    </section>
  );
}

/** Once one was chosen by hand the chips stay where they are; the chosen one is among them. */
function useSteady(kind: Kind): Category[] {
  const kept = useRef<Category[]>([]);
  const fresh = !kind.chosen || !kept.current.length;
  const list = fresh ? kind.offered : kept.current.map((one) => categoryOf(one.code) ?? one);
  const chosen = kind.category;
  const missing = chosen && !list.some((one) => one.code === chosen.code);
  kept.current = missing ? [chosen, ...list.slice(0, -1)] : list;
  return kept.current;
}

/** What belongs here, who reads it, and that it was a guess. */
function About({ kind }: { kind: Kind }) {
  const w = words();
  const { category, chosen, why } = kind;
  const guess = category ? (why === "near" ? w.guessedNear : w.guessed) : w.unsorted;
  return (
    <div class="submit-about" role="status">
      {!chosen && <p class="muted">{guess}</p>}
      {category?.help && <p class="muted">{category.help}</p>}
      {category?.private && !category.legal_channel && (
        <p class="submit-private">
          <Icon of={Lock} />
          {w.private}
        </p>
      )}
    </div>
  );
}

/** Some matters are not taken here: the law names who takes them. */
export function LegalPanel({ category }: { category: Category }) {
  const w = words();
  const channel = category.legal_channel;
  if (!channel) return null;
  const name = locale.value === "vi" ? channel.channel_vi : channel.channel_en;
  return (
    <section class="panel submit-legal" role="alert" aria-labelledby="legal-title">
      <h2 id="legal-title">
        <Icon of={Scale} size={24} />
        {w.legalTitle}
      </h2>
      <p>{w.legalText(name)}</p>
      {channel.phone && (
        <a class="button" href={`tel:${channel.phone}`}>
          <Icon of={Phone} />
          {channel.phone}
        </a>
      )}
      {channel.url && (
        <a class="button" href={channel.url} rel="noopener">
          <Icon of={ExternalLink} />
          {w.legalOpen}
        </a>
      )}
      <p class="muted">{w.legalNothing}</p>
    </section>
  );
}

interface AllProps {
  chosen: Category | null;
  onChoose: (category: Category) => void;
  onClose: () => void;
}

function AllKinds({ chosen, onChoose, onClose }: AllProps) {
  const [text, setText] = useState("");
  const w = words();
  const groups = grouped(text, city.value?.groups ?? {});
  const rest = groups.length ? null : unsorted(categories.value);
  return (
    <Sheet title={w.allKinds} onClose={onClose}>
      <TextField label={w.findKind} type="search" autoComplete="off" value={text} onText={setText} maxLength={60} />
      <div class="submit-all">
        {groups.map(([group, kinds]) => (
          <section key={group} aria-label={group || undefined}>
            {group && <h3>{group}</h3>}
            <ul>
              {kinds.map((one) => (
                <KindRow key={one.code} of={one} chosen={chosen?.code === one.code} onChoose={onChoose} />
              ))}
            </ul>
          </section>
        ))}
        {!groups.length && (
          <p class="muted" role="status">
            <Icon of={Search} /> {rest ? w.noKindBut : w.noKind}
          </p>
        )}
        {rest && (
          <ul>
            <KindRow of={rest} chosen={chosen?.code === rest.code} onChoose={onChoose} />
          </ul>
        )}
      </div>
    </Sheet>
  );
}

interface RowProps {
  of: Category;
  chosen: boolean;
  onChoose: (category: Category) => void;
}

function KindRow({ of, chosen, onChoose }: RowProps) {
  return (
    <li>
      <button type="button" class="submit-kind" aria-pressed={chosen} onClick={() => onChoose(of)}>
        <Icon of={categoryIcon(of.icon)} size={24} />
        <span>
          <strong>{of.name}</strong>
          {of.help && <span class="muted">{of.help}</span>}
        </span>
        {chosen && <Icon of={Check} />}
      </button>
    </li>
  );
}
