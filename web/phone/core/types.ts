/** The shapes of the API's answers, as far as the phone reads them (the whole is at /api/docs). */

export type Status =
  | "submitted"
  | "accepted"
  | "in_progress"
  | "waiting"
  | "returned"
  | "resolved"
  | "closed"
  | "rejected"
  | "merged"
  | "withdrawn";

export type Identity = "open" | "confidential" | "anonymous";

export interface Named {
  code: string;
  name: string;
}

/** An office as reports name it; its `id` is its code. */
export interface OfficeName {
  id: string;
  name: string;
}

export interface Photo {
  id: string;
  width: number;
  height: number;
  thumbhash: string;
  large: string;
  small: string;
}

/** A report in a list. */
export interface Card {
  id: string;
  code: string;
  version: number;
  status: Status;
  status_name?: string;
  asks_me?: boolean;
  outcome: string | null;
  category: Named;
  area: Named;
  office: OfficeName;
  description: string;
  lat: number;
  lng: number;
  urgent: boolean;
  submitted_at: string;
  due_at: string | null;
  first_due_at: string | null;
  resolved_at: string | null;
  closed_at: string | null;
  supporters: number;
  metres?: number;
  photo?: Photo | null;
}

export interface AllowedStep {
  step: string;
  name: string;
  needs: string[];
  takes: string[];
}

/** A report by itself; the fields after `steps` are its reporter's alone. Who only follows a merged
 * report reads neither its words, photos nor place. */
export interface Report extends Omit<Card, "description" | "lat" | "lng"> {
  description?: string;
  lat?: number;
  lng?: number;
  status_name: string;
  photos?: Photo[];
  accepted_at: string | null;
  published_at: string | null;
  planned_for: string | null;
  rejection: string | null;
  reopened: number;
  recurrence: number;
  lead: { id: string; code: string; status: Status; due_at: string | null; office: OfficeName } | null;
  steps: AllowedStep[];
  place_note?: string;
  answers?: Record<string, Answer>;
  identity?: Identity;
  captured_at?: string | null;
  published?: boolean;
  mine?: boolean;
  /** What I said of it myself, on whichever phone; told to who has a session. */
  my_rating?: Rated | null;
  supported?: boolean;
}

export interface Rated {
  stars: number;
  comment: string;
}

export interface Entry {
  id: string;
  kind: "step" | "comment";
  step?: string;
  name?: string;
  status?: Status;
  at: string;
  by?: string;
  office: OfficeName | null;
  note: string;
  mine?: boolean;
  published?: boolean;
  photos?: Photo[];
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface Hotline {
  name: string;
  number: string;
  words: string[];
}

/** A place that everybody knows by its name. */
export interface Landmark {
  name: string;
  lat: number;
  lng: number;
  other_names: string[];
}

export interface CityFacts {
  name: string;
  timezone: string;
  hotlines: Hotline[];
  hotline?: { name: string; number: string };
  bounds?: [number, number, number, number];
  ways?: ("push" | "email" | "sms")[];
  webpush_key?: string | null;
  landmarks?: Landmark[]; // found by name without a network too
  streets?: boolean; // words searched and pins are looked up at a service of street names
  privacy?: Record<string, string | null>;
  groups?: Record<string, string>;
  centre: { id: string; name: string; phone: string | null; email: string | null; address: string | null };
}

export type Answer = string | string[] | number | boolean;

export interface Question {
  code: string;
  text: string;
  kind: "choice" | "choices" | "text" | "number" | "yes_no";
  required: boolean;
  urgent: boolean; // of yes_no: "yes" means danger
  options: { code: string; name: string; urgent: boolean }[];
}

/** Where the law sends a matter that is not taken here. */
export interface LegalChannel {
  channel_vi: string;
  channel_en: string;
  phone?: string | null;
  url?: string | null;
}

export interface Category {
  code: string;
  name: string;
  help: string;
  group: string;
  icon: string;
  keywords: string[];
  questions: Question[];
  deadline_days: number | null;
  deadline_hours: number | null;
  urgent: boolean;
  private: boolean;
  legal_channel: LegalChannel | null;
}

export interface Area {
  code: string;
  name: string;
  other_names: string[];
  kind: string;
  lat: number;
  lng: number;
  approximate: boolean;
}

/** What the centre tells an area; without areas it is the whole city's. */
export interface Notice {
  id: string;
  kind: string;
  text: string;
  areas: string[];
  starts_at: string;
  ends_at: string;
}

export interface Message {
  id: string;
  kind: string;
  subject: string; // report:…, complaint:…
  title: string;
  body: string;
  path: string;
  urgent: boolean;
  at: string;
  read_at: string | null;
}

export interface Account {
  id: string;
  kind: "guest" | "anonymous" | "resident" | "official";
  locale: "vi" | "en";
}

export interface Me extends Account {
  created_at: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  sms: boolean;
}
