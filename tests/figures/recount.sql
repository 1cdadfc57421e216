-- Every figure once more, from the tables of reports alone, in another engine's SQL and with its own
-- arithmetic of working time. Nothing here is taken from the house: `days_off` and `worked_all_the_same`
-- are the calendar as data, `told` holds the moment as of which figures tell, the rest are tables as they
-- were copied out.

-- Working time: each day's spans by the newest season of its month, and what was worked before.
create table day as
select unnest(generate_series(date '2022-01-01', date '2026-12-31', interval 1 day))::date as day;
create table season as
select row_number() over () as number, valid_from, m.month, w.weekday, s.span
  from hours, unnest(from_json(months, '["INTEGER"]')) m(month),
       unnest(from_json(weekdays, '["INTEGER"]')) w(weekday),
       unnest(from_json(spans, '[["VARCHAR"]]')) s(span);
create table in_force as
select day.day, max(valid_from) as valid_from
  from day join season on month = month(day.day) and valid_from <= day.day group by all;
create table span as
select distinct day.day,
       day.day + cast(span[1] || ':00' as time) - interval 7 hour as opens,
       day.day + cast(span[2] || ':00' as time) - interval 7 hour as closes
  from day join in_force using (day)
  join season on season.valid_from = in_force.valid_from and month = month(day.day)
   and weekday = case when day.day in (select day from worked_all_the_same) and isodow(day.day) > 5
                      then 0 else isodow(day.day) - 1 end
 where day.day not in (select day from days_off);
create table work as
select opens, closes,
       coalesce(sum(epoch(closes) - epoch(opens)) over (
           order by opens rows between unbounded preceding and 1 preceding), 0)::bigint as before
  from span;

-- Every moment that matters, once, with the seconds worked by then.
create table moment as
select distinct happened from (
    select submitted_at as happened from report union all select accepted_at from report
    union all select first_resolved_at from report union all select happened from status_change
    union all select since from assignment union all select until from assignment
    union all select as_of from told) where happened is not null;
create table worked as
select moment.happened,
       coalesce(before + floor(least(epoch(moment.happened), epoch(closes))) - epoch(opens), 0)::bigint as s
  from moment asof left join work on moment.happened >= work.opens;

-- A stay in a status, from the change that began it to the one that ended it.
create table changed as
select * from status_change where before is null or before <> after;
create table stay as
select this.report_id, this.version, this.after as status, this.happened, this.step, next.happened as until,
       next.step as next_step, next.role as next_role, next.report_id is null as last,
       begun.s as from_s, ended.s as until_s
  from changed this
  left join lateral (
      select report_id, happened, step, role, before from changed later
       where later.report_id = this.report_id and later.version > this.version
       order by version limit 1) next on true
  left join worked begun on begun.happened = this.happened
  left join worked ended on ended.happened = next.happened;

create table answered as
select id from report where first_resolved_at is not null
   and (status in ('resolved', 'closed') or resolved_at is not null or reopened > 0);
create table rest as
select report_id, sum(case when last then 0 else until_s - from_s end) as rest_s,
       max(case when last then from_s end) as rest_from,
       coalesce(sum(case when not last and stay.happened < r.first_resolved_at
                         then until_s - from_s end), 0) as before_answer
  from stay join report r on r.id = report_id where stay.status = 'waiting' group by report_id;

-- The centre's times: a visit goes from the step that brought a report to the centre to the one that
-- took it away; questions within it are left out.
create table visits as
select report_id, count_if(opener.version <= stay.version) as visit, any_value(status) as status,
       stay.version, any_value(until_s - from_s) as s, any_value(stay.happened) as happened,
       any_value(until) as until, any_value(last) as last,
       any_value(next_step = 'accept' and next_role = 'system') as by_itself
  from stay join (select report_id as opened, version from status_change
                   where step in ('submit', 'return', 'reconsider')) opener on opened = report_id
 where status in ('submitted', 'returned') group by report_id, stay.version;
create table visit as
select report_id, visit, sum(s) as s, min(happened) as happened, max(until) as until
  from visits where not last group by report_id, visit having count_if(by_itself) = 0;
create table centre as
select report_id, sum(s) as centre_s,
       count_if(s > 28800 or (urgent and happened < submitted_at + interval 4 hour
                              and until > submitted_at + interval 4 hour)) = 0 as in_time
  from visit join report on id = report_id
 where status not in ('submitted', 'returned') group by report_id;

create table stars as
select report_id, count(*) as ratings, sum(stars) as stars_sum, count_if(stars >= 4) as satisfied
  from rating group by report_id;
create table words as
select c.report_id, count(*) as comments,
       count_if(not exists (select 1 from comment o where o.report_id = c.report_id
                               and o.office_id is not null and o.hidden_at is null and o.happened >= c.happened)
            and not exists (select 1 from status_change s where s.report_id = c.report_id
                               and s.step in ('resolve', 'reject') and s.happened >= c.happened)) as unanswered
  from comment c
 where office_id is null and published_at is not null and hidden_at is null group by c.report_id;

create table fact as
select r.id, (r.submitted_at + interval 7 hour)::date as day, r.area_id, r.category_id, r.office_id,
       r.status, r.outcome, r.rejection, r.urgent, r.reopened, r.returned, r.recurrence,
       r.published_at is not null and not r.hidden and r.erased_at is null and r.status <> 'withdrawn'
           as published,
       least((select min(happened) from status_change s where s.report_id = r.id
                 and s.step in ('accept', 'forward')), r.accepted_at) as first_accepted,
       a.id is not null as answered, r.first_resolved_at <= r.first_due_at as in_time,
       r.first_due_at is not null as promised,
       done.s - sent.s - coalesce(before_answer, 0) as took_s, sent.s as sent_s,
       coalesce(rest_s, 0) as rest_s, rest_from, centre_s, centre.in_time as centre_in_time,
       (select count(*) from status_change s where s.report_id = r.id and step = 'grant_extension') as extended,
       coalesce(ratings, 0) as ratings, coalesce(stars_sum, 0) as stars_sum,
       coalesce(satisfied, 0) as satisfied, coalesce(comments, 0) as comments,
       coalesce(unanswered, 0) as unanswered
  from report r left join answered a on a.id = r.id
  left join rest on rest.report_id = r.id left join centre on centre.report_id = r.id
  left join stars on stars.report_id = r.id left join words on words.report_id = r.id
  left join worked sent on sent.happened = r.submitted_at
  left join worked done on done.happened = r.first_resolved_at;
alter table fact add column accept_s bigint;
update fact set accept_s = worked.s - sent_s from worked where worked.happened = first_accepted;
alter table fact add column resolve_s bigint;
update fact set resolve_s = took_s where answered;

create table spans as select * from (values ('day'), ('month'), ('quarter'), ('year')) spans(span);
create table sums as
select span, date_trunc(span, day)::date as start,
       coalesce(area_id, 0) as area_id, coalesce(category_id, 0) as category_id,
       coalesce(office_id, 0) as office_id,
       count(*) as received, count_if(published) as published, count(accept_s) as accepted,
       count_if(status in ('submitted', 'accepted', 'in_progress', 'waiting', 'returned')) as open,
       count_if(status = 'rejected') as rejected, count_if(status = 'merged') as merged,
       count_if(status = 'withdrawn') as withdrawn,
       count_if(status = 'resolved' or status = 'closed') as resolved,
       count_if(status in ('resolved', 'closed') and outcome = 'fixed') as fixed,
       count_if(status in ('resolved', 'closed') and outcome = 'planned') as planned,
       count_if(status in ('resolved', 'closed') and outcome = 'explained') as explained,
       count_if(status in ('resolved', 'closed') and outcome = 'not_found') as not_found,
       count_if(status = 'rejected' and rejection = 'outside_scope') as rejected_outside_scope,
       count_if(status = 'rejected' and rejection = 'unclear') as rejected_unclear,
       count_if(status = 'rejected' and rejection = 'abusive') as rejected_abusive,
       count_if(status = 'rejected' and rejection = 'personal') as rejected_personal,
       count_if(status = 'rejected' and rejection = 'already_answered') as rejected_already_answered,
       count_if(status = 'rejected' and rejection = 'other') as rejected_other,
       count_if(urgent) as urgent,
       count_if(answered and promised) as timed, count_if(answered and in_time) as on_time,
       count_if(returned > 0) as returned, sum(returned) as returns,
       count_if(reopened > 0) as reopened, count_if(extended > 0) as extended,
       count_if(recurrence > 1) as recurring,
       count_if(rest_s > 0 or rest_from is not null) as rested, sum(rest_s) as rest_s,
       count(rest_from) as resting, coalesce(sum(rest_from), 0) as resting_from,
       sum(ratings) as ratings, count_if(ratings > 0) as rated, sum(stars_sum) as stars_sum,
       sum(satisfied) as satisfied, sum(comments) as comments, sum(unanswered) as unanswered,
       count_if(coalesce(centre_in_time, false)) as centre_in_time,
       count(accept_s) as accept_n, count(resolve_s) as resolve_n, count(centre_s) as centre_n,
       quantile_disc(accept_s, 0.5) as accept_median, quantile_disc(accept_s, 0.9) as accept_p90,
       quantile_disc(resolve_s, 0.5) as resolve_median, quantile_disc(resolve_s, 0.9) as resolve_p90,
       quantile_disc(centre_s, 0.5) as centre_median, quantile_disc(centre_s, 0.9) as centre_p90
  from fact, spans group by span, date_trunc(span, day), cube (area_id, category_id, office_id);

-- What is late at the moment: open reports past the first deadline, or the one after a reopening; and what
-- the centre has not let go of in time.
create table overdue as
select f.*, due, as_of
  from (select id, status, reopened, case when reopened > 0 then due_at else first_due_at end as due from report) r
  join (select id, day, area_id, category_id, office_id from fact) f using (id), told
 where status in ('submitted', 'accepted', 'in_progress', 'returned') and due < as_of;
alter table overdue add column again boolean;
update overdue set again = report.reopened > 0 from report where report.id = overdue.id;
create table overdue_sums as
select span, date_trunc(span, day)::date as start, coalesce(area_id, 0) as area_id,
       coalesce(category_id, 0) as category_id, coalesce(office_id, 0) as office_id,
       count(*) as overdue, count_if(not again) as overdue_first,
       count_if(due + interval 1 day > as_of) as overdue_0d,
       count_if(due + interval 1 day <= as_of and due + interval 3 day > as_of) as overdue_1d,
       count_if(due + interval 3 day <= as_of and due + interval 7 day > as_of) as overdue_3d,
       count_if(due + interval 7 day <= as_of and due + interval 30 day > as_of) as overdue_7d,
       count_if(due + interval 30 day <= as_of) as overdue_30d
  from overdue, spans group by span, date_trunc(span, day), cube (area_id, category_id, office_id);
create table lying as
select now.report_id, worked.s - stay.from_s + coalesce(visit.s, 0) as s,
       coalesce(visit.happened, now.happened) as happened
  from visits now join stay on stay.report_id = now.report_id and stay.version = now.version
  left join visit on visit.report_id = now.report_id and visit.visit = now.visit
  join told on true join worked on worked.happened = as_of
 where now.last;
create table lying_sums as
select span, date_trunc(span, day)::date as start, coalesce(f.area_id, 0) as area_id,
       coalesce(f.category_id, 0) as category_id, coalesce(f.office_id, 0) as office_id, count(*) as centre_late
  from fact f join report r using (id) join lying on lying.report_id = id, told, spans
 where lying.s > 28800
    or r.urgent and lying.happened < submitted_at + interval 4 hour and as_of > submitted_at + interval 4 hour
    or exists (select 1 from visit where visit.report_id = f.id and (visit.s > 28800
               or r.urgent and visit.happened < submitted_at + interval 4 hour
                  and visit.until > submitted_at + interval 4 hour))
 group by span, date_trunc(span, day), cube (f.area_id, f.category_id, f.office_id);

-- How long each office led: the working time of each stay with an office, cut to when it led.
create table held as
select id, day, area_id, category_id, owner, sum(greatest(0, coalesce(until_s - since_s, 0))) as s,
       max(case when until_s is null then since_s end) as running
  from (
    select f.id, f.day, f.area_id, f.category_id, lead.office_id as owner,
           greatest(stay.from_s, led.s) as since_s,
           case when stay.last and lead.until is null then null
                else least(stay.until_s, gone.s) end as until_s
      from stay join fact f on f.id = stay.report_id join report r on r.id = f.id
      join assignment lead on lead.report_id = f.id and lead.part = 'lead'
       and (stay.until is null or lead.since < stay.until)
       and (lead.until is null or lead.until > stay.happened)
      left join worked led on led.happened = lead.since left join worked gone on gone.happened = lead.until
     where stay.status in ('accepted', 'in_progress', 'returned')
       and not (f.answered and stay.happened >= r.first_resolved_at))
 group by id, day, area_id, category_id, owner;
create table held_sums as
select span, date_trunc(span, day)::date as start, coalesce(area_id, 0) as area_id,
       coalesce(category_id, 0) as category_id, coalesce(owner, 0) as office_id,
       count(distinct id) as reports, sum(s) as seconds, count(running) as running,
       coalesce(sum(running), 0) as running_from
  from held, spans group by span, date_trunc(span, day), cube (area_id, category_id, owner);
