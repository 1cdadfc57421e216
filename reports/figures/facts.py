"""One fact a report: what figures ask of it, worked out from the report and its history by one
statement. Whoever wants to know what a figure counts reads this file and `columns`.

Nothing here depends on the moment: what still runs (a rest, an office's time) is kept as when it
began, so that a fact is written anew only when its report changed.

- Working time counts from moment to moment (`work_spans.worked`); a step that was stored with an
  earlier time than the one before it counts no time, never less than none.
- A stay in a status ends with the next change of status. Where history has a hole (the next row
  starts from another status: imported reports), how long the stay was is not known: it is not
  counted.
- accept_s: from sending to the first acceptance, a person's or its own.
- resolve_s: from sending to `first_resolved_at` (the last resolve before closing or the first
  reopening), less what it waited for the reporter before. Only of what is answered: an answer that
  the centre sent back is none.
- centre_s: what it lay with the centre, new or returned, once that is over; rests in between do not
  count, nor does what was accepted by itself. In time: each time within eight working hours
  (DESIGN §4), an urgent one also within its four hours by the clock.
- centre_late_from: while it lies with the centre, from when on it is not in time, if nothing
  happens; from the beginning where a stay before was too long.
- on_time: `first_resolved_at` against the first deadline; none where nothing was promised.
- late_from: from when on it is overdue if nothing happens: past its first deadline, whatever was
  granted since (once reopened, past the new one); none while it waits for the reporter. Offices'
  lists go by the deadline in force (`Report.act_by`).
- extended: extensions granted, all of them: the report's own column begins anew at a forward.
- comments: what residents said and a person published; unanswered: with no word of an office since,
  no result and no refusal.
"""

from sqlalchemy import TextClause, text

from reports.clocks import CENTRE_HOURS
from reports.deadlines import URGENT_HOURS
from reports.figures.columns import SATISFIED_FROM
from reports.figures.models import ReportFact, ReportHeld
from reports.figures.work_spans import when_worked, worked

_CENTRE_S = CENTRE_HOURS * 3600
_URGENT = f"interval '{URGENT_HOURS} hours'"
_COLUMNS = tuple(column.name for column in ReportFact.__table__.columns)
_HELD_COLUMNS = tuple(column.name for column in ReportHeld.__table__.columns)

_IDS = "any(cast(:ids as uuid[]))"
#: Reports by `:ids`. Their history, the rows that changed the status alone, each with the next.
_STAYS = f"""
chosen as materialized (select * from report where id = {_IDS}),
turn as materialized (
    select report_id, step, after as status, at, lead(at) over next as until,
           lead(before) over next is distinct from after as is_last_or_hole,
           lead(id) over next is null as is_last,
           lead(step) over next = 'accept' and lead(role) over next = 'system' as by_itself,
           count(*) filter (where step in ('submit', 'return', 'reconsider'))
               over (partition by report_id order by version) as visit
      from status_change
     where report_id = {_IDS} and before is distinct from after
    window next as (partition by report_id order by version)
),
stay as (
    select *, greatest(0, {worked("until")} - {worked("at")}) as seconds
      from turn where not is_last_or_hole
)
"""

FACTS = f"""
with {_STAYS},
accepted as (
    select report_id, min(at) as at from status_change
     where report_id = {_IDS} and step in ('accept', 'forward')
     group by report_id
),
rest as (
    select stay.report_id, sum(seconds) as seconds,
           sum(seconds) filter (where at < first_resolved_at) as before_answer
      from stay join chosen on chosen.id = report_id
     where stay.status = 'waiting' group by stay.report_id
),
resting as (
    select report_id, {worked("at")} as since from turn where is_last and status = 'waiting'
),
visit as (
    select report_id, visit, sum(seconds) as seconds, min(at) as at, max(until) as until
      from stay where status in ('submitted', 'returned')
     group by report_id, visit having not bool_or(by_itself)
),
centre as (
    select report_id, sum(seconds) as seconds,
           bool_and(visit.seconds <= {_CENTRE_S} and not (
               urgent and at < submitted_at + {_URGENT} and until > submitted_at + {_URGENT}
           )) as in_time
      from visit join chosen on chosen.id = report_id group by report_id
),
lying as (
    select turn.report_id, turn.at as since, coalesce(visit.at, turn.at) as at,
           {worked("turn.at")} + {_CENTRE_S} - coalesce(visit.seconds, 0) as until_worked
      from turn
      left join visit on visit.report_id = turn.report_id and visit.visit = turn.visit
     where is_last and turn.status in ('submitted', 'returned')
),
extension as (
    select report_id, count(*) as granted from status_change
     where report_id = {_IDS} and step = 'grant_extension' group by report_id
),
rated as (
    select report_id, count(*) as ratings, sum(stars) as stars,
           count(*) filter (where stars >= {SATISFIED_FROM}) as satisfied
      from rating where report_id = {_IDS} group by report_id
),
word as (
    select report_id, max(at) as at from (
        select report_id, at from comment
         where report_id = {_IDS} and office_id is not null and hidden_at is null
        union all
        select report_id, at from status_change
         where report_id = {_IDS} and step in ('resolve', 'reject')
    ) said group by report_id
),
said as (
    select comment.report_id, count(*) as comments,
           count(*) filter (where word.at is null or word.at < comment.at) as unanswered
      from comment left join word on word.report_id = comment.report_id
     where comment.report_id = {_IDS} and office_id is null
       and published_at is not null and hidden_at is null
     group by comment.report_id
),
told as (
    select chosen.*,
           case when status in ('resolved', 'closed') then 'resolved'
                when status in ('rejected', 'merged', 'withdrawn') then status
                else 'open' end as fate,
           first_resolved_at is not null and (resolved_at is not null or reopened > 0) as answered,
           least(accepted.at, accepted_at) as first_accepted_at
      from chosen left join accepted on accepted.report_id = id
)
select id as report_id,
       (submitted_at at time zone :zone)::date as day,
       area_id, category_id, office_id, cell, reporter_id, urgent, source, fate,
       case fate when 'rejected' then rejection when 'resolved' then outcome end as reason,
       shown as published,
       case when first_accepted_at is not null then
           greatest(0, {worked("first_accepted_at")} - {worked("submitted_at")}) end as accept_s,
       case when answered then greatest(0, {worked("first_resolved_at")}
           - {worked("submitted_at")} - coalesce(rest.before_answer, 0)) end as resolve_s,
       coalesce(rest.seconds, 0) as rest_s,
       resting.since as rest_from,
       case when status not in ('submitted', 'returned') then centre.seconds end as centre_s,
       case when status not in ('submitted', 'returned') then centre.in_time end
           as centre_in_time,
       case when lying.at is null then null
            when not centre.in_time then submitted_at
            else least({when_worked("lying.until_worked", "lying.since")},
                       case when urgent and lying.at < submitted_at + {_URGENT}
                            then submitted_at + {_URGENT} end)
            end as centre_late_from,
       case when answered then first_resolved_at <= first_due_at end as on_time,
       case when fate = 'open' and status <> 'waiting'
            then case when reopened > 0 then due_at else first_due_at end end as late_from,
       reopened, returned, coalesce(granted, 0) as extended, recurrence,
       coalesce(stars, 0) as stars_sum, coalesce(ratings, 0) as ratings,
       coalesce(satisfied, 0) as satisfied, coalesce(comments, 0) as comments,
       coalesce(unanswered, 0) as unanswered
  from told
  left join rest on rest.report_id = id
  left join resting on resting.report_id = id
  left join centre on centre.report_id = id
  left join lying on lying.report_id = id
  left join extension on extension.report_id = id
  left join rated on rated.report_id = id
  left join said on said.report_id = id
"""

#: Working time that each office led a report, from acceptance to the first result, less waiting.
#: While a report lies with the centre as returned, the centre leads it.
HELD = f"""
with {_STAYS},
lead as (
    select report_id, office_id, since, until from assignment
     where report_id = {_IDS} and until is null and part = 'lead'
    union all
    select report_id, office_id, since, until from assignment
     where report_id = {_IDS} and until is not null and part = 'lead'
),
led as (
    select lead.report_id, lead.office_id, greatest(turn.at, lead.since) as since,
           least(turn.until, lead.until) as until
      from turn
      join chosen on chosen.id = turn.report_id
      join lead on lead.report_id = turn.report_id
       and lead.since < coalesce(turn.until, 'infinity')
       and coalesce(lead.until, 'infinity') > turn.at
     where turn.status in ('accepted', 'in_progress', 'returned')
       and (turn.is_last or not turn.is_last_or_hole)
       and (first_resolved_at is null or turn.at < first_resolved_at
            or (resolved_at is null and chosen.reopened = 0))
)
select report_id, office_id,
       coalesce(sum(greatest(0, {worked("until")} - {worked("since")})), 0)::int as seconds,
       max({worked("since")}) filter (where until is null) as since
  from led group by report_id, office_id
"""


def _upsert(table: str, columns: tuple[str, ...], keys: tuple[str, ...], select: str) -> str:
    """Write what differs alone; who reads the answer learns which reports did."""
    rest = [name for name in columns if name not in keys]
    names, kept = ", ".join(columns), ", ".join(f"{table}.{name}" for name in rest)
    fresh = ", ".join(f"excluded.{name}" for name in rest)
    return (
        f"insert into {table} ({names}) select {names} from ({select}) made order by report_id"
        f" on conflict ({', '.join(keys)}) do update"
        f" set ({', '.join(rest)}) = ({fresh})"
        f" where ({kept}) is distinct from ({fresh}) returning report_id"
    )


#: Write the facts of these reports anew; answers the ids of those that differed.
WRITE: TextClause = text(_upsert("report_fact", _COLUMNS, ("report_id",), FACTS))
#: The same of `report_held`; an office that did not lead a report after all is forgotten.
WRITE_HELD: TextClause = text(
    f"with made as materialized ({HELD}), gone as ("
    f"delete from report_held old where report_id = {_IDS} and not exists ("
    "select from made where made.report_id = old.report_id and made.office_id = old.office_id)"
    " returning report_id), put as ("
    + _upsert("report_held", _HELD_COLUMNS, ("report_id", "office_id"), "select * from made")
    + ") select report_id from gone union select report_id from put"
)
#: Reports that are no more: the demo's own, taken away.
FORGET: TextClause = text(
    "with gone as (select unnest(cast(:ids as uuid[])) as id except select id from report),"
    " held as (delete from report_held using gone where report_id = id)"
    " delete from report_fact using gone where report_id = id returning day"
)
