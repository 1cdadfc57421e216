-- Loaded reports hold their first and their last step alone. Here each gets the history that its own
-- times tell of, and part of them what makes figures hard to count: questions before and after
-- acceptance, returns, answers that were sent back, reopenings, extensions, rejections taken up
-- again, words of residents and offices. The same for the same reports: all is drawn from their ids.
analyze report, status_change;  -- just loaded: nobody knows yet that each report has few steps

create temporary table life as
select id, submitted_at, accepted_at, started_at, first_resolved_at, resolved_at, reopened_at,
       reopened, closed_at, status, waiting_since, assigned_at, published_at is null as by_itself,
       reporter_id, office_id, abs(hashtext(id::text)) as h,
       coalesce(started_at, first_resolved_at) as at_work,
       (select max(at) from status_change where report_id = report.id) as last_at
  from report;
create index on life (id);

create temporary table told (report_id uuid, place int, step text, after text, at timestamptz,
                             role text, office_id int);
insert into told
select id, 1, 'submit', 'submitted', submitted_at, 'reporter', null::int from life
union all  -- a question of the centre's, and its answer
select id, 2, 'ask', 'waiting', submitted_at + (accepted_at - submitted_at) / 4, 'dispatcher', null
  from life where h % 40 = 0 and accepted_at > submitted_at
union all
select id, 3, 'answer', 'submitted', submitted_at + (accepted_at - submitted_at) / 2, 'reporter', null
  from life where h % 40 = 0 and accepted_at > submitted_at
union all  -- refused, taken up again
select id, 4, 'reject', 'rejected', submitted_at + (accepted_at - submitted_at) * 0.6, 'dispatcher', null
  from life where h % 61 = 0 and accepted_at > submitted_at
union all
select id, 5, 'reconsider', 'submitted', submitted_at + (accepted_at - submitted_at) * 0.7, 'reporter', null
  from life where h % 61 = 0 and accepted_at > submitted_at
union all
select id, 6, 'accept', 'accepted', accepted_at,
       case when by_itself then 'system' else 'dispatcher' end, office_id
  from life where accepted_at is not null
union all
select id, 7, 'return', 'returned', accepted_at + (at_work - accepted_at) / 4, 'officer', null
  from life where h % 17 = 0 and at_work > accepted_at
union all
select id, 8, 'forward', 'accepted', accepted_at + (at_work - accepted_at) / 2, 'dispatcher', office_id
  from life where h % 17 = 0 and at_work > accepted_at
union all
select id, 9, 'start', 'in_progress', at_work, 'officer', office_id
  from life where at_work is not null and (started_at is not null or first_resolved_at is not null)
union all
select id, 10, 'ask', 'waiting', at_work + (first_resolved_at - at_work) / 4, 'officer', office_id
  from life where h % 11 = 0 and first_resolved_at > at_work
union all
select id, 11, case when h % 2 = 0 then 'answer' else 'resume' end, 'in_progress',
       at_work + (first_resolved_at - at_work) / 2, 'reporter', null
  from life where h % 11 = 0 and first_resolved_at > at_work
union all
select id, 12, 'grant_extension', 'in_progress', at_work + (first_resolved_at - at_work) * 0.55,
       'dispatcher', null
  from life where h % 13 = 0 and first_resolved_at > at_work
union all
select id, 13, 'resolve', 'resolved', at_work + (first_resolved_at - at_work) * 0.6, 'officer', office_id
  from life where h % 23 = 0 and first_resolved_at > at_work
union all
select id, 14, 'send_back', 'in_progress', at_work + (first_resolved_at - at_work) * 0.8, 'dispatcher', null
  from life where h % 23 = 0 and first_resolved_at > at_work
union all
select id, 15, 'resolve', 'resolved', first_resolved_at, 'officer', office_id
  from life where first_resolved_at is not null and not (status = 'in_progress' and h % 29 = 0)
union all
select id, 16, 'reopen', 'in_progress', reopened_at, 'reporter', null
  from life where reopened > 0
union all
select id, 17, 'resolve', 'resolved', resolved_at, 'officer', office_id
  from life where reopened > 0
union all  -- where it stands now, if not by one of these
select life.id, 18, step, status, last_at, role, life.office_id
  from life join status_change on report_id = life.id and version > 1
 where status in ('waiting', 'returned', 'rejected', 'merged', 'withdrawn', 'closed');
-- A question about what was never begun is asked of what is accepted.
truncate status_change cascade;
insert into status_change (id, report_id, version, step, before, after, at, account_id, role,
                           office_id, note, facts, digest)
select lpad(to_hex(row_number() over ()), 32, '0')::uuid,  -- in order, as indexes like it
       report_id, row_number() over next, step, lag(after) over next, after, at,
       '00000000-0000-0000-0000-000000000000', role, office_id, '', '{}', ''
  from told window next as (partition by report_id order by place);

-- Who led: a team that gave it back, the centre, and the office that has it.
create temporary table another as
select id as office_id, lead(id, 1, (select min(id) from office)) over (order by id) as other from office;
insert into assignment (report_id, office_id, part, reason_vi, reason_en, since, until)
select id, other, 'lead', '', '', accepted_at, accepted_at + (at_work - accepted_at) / 4
  from life join another using (office_id) where h % 17 = 0 and at_work > accepted_at
union all
select id, (select id from office where kind = 'centre'), 'lead', '', '',
       accepted_at + (at_work - accepted_at) / 4, accepted_at + (at_work - accepted_at) / 2
  from life where h % 17 = 0 and at_work > accepted_at;
update assignment set since = accepted_at + (at_work - accepted_at) / 2
  from life where life.id = report_id and part = 'lead' and until is null
   and h % 17 = 0 and at_work > accepted_at;

-- Few rows, since each is written into every index.
update report set returned = coalesce(h % 17 = 0 and at_work > life.accepted_at, false)::int
                  + (report.status = 'returned')::int,
       recurrence = 1 + (h % 27 = 0)::int + (h % 81 = 0)::int,
       rejection = case when report.status = 'rejected' then
           (array['outside_scope','unclear','abusive','personal','already_answered','other'])[1 + h % 6] end,
       outcome = case when report.outcome is not null and h % 27 = 0 then 'planned' else report.outcome end
  from life
 where report.id = life.id
   and (h % 17 = 0 and at_work > life.accepted_at or h % 27 = 0 or report.status = 'rejected');

-- An answer that the centre sent back and that nobody gave again: some of it open, some of it merged.
update report set status = 'in_progress', resolved_at = null, outcome = null, closed_at = null
  from life where life.id = report.id and h % 31 = 0 and report.status = 'resolved' and report.reopened = 0;
insert into status_change (id, report_id, version, step, before, after, at, account_id, role, note,
                           facts, digest)
select gen_random_uuid(), report.id, 99, 'send_back', 'resolved', 'in_progress',
       report.first_resolved_at + interval '3 hours', '00000000-0000-0000-0000-000000000000', 'dispatcher',
       '', '{}', ''
  from report join life using (id)
 where h % 31 = 0 and life.status = 'resolved' and report.reopened = 0;

insert into rating (report_id, account_id, stars, comment, at)
select life.id, other.id, 1 + h % 5, '', coalesce(closed_at, resolved_at)
  from life cross join lateral (
      select id from account where kind = 'resident' and id <> reporter_id limit 1) other
 where h % 37 = 0 and resolved_at is not null
on conflict do nothing;

insert into comment (id, report_id, account_id, office_id, text, at, published_at, hidden_at)
select gen_random_uuid(), id, reporter_id, null, 'Vẫn còn.', at,
       case when h % 3 > 0 then at + interval '2 hours' end,
       case when h % 5 = 0 then at + interval '9 hours' end
  from life cross join lateral (values (submitted_at + interval '1 day'),
                                       (coalesce(resolved_at, submitted_at) + interval '6 hours')) said(at)
 where h % 7 = 0
union all
select gen_random_uuid(), id, reporter_id, office_id, 'Đã ghi nhận.', submitted_at + interval '2 days',
       submitted_at + interval '2 days', case when h % 4 = 0 then submitted_at + interval '3 days' end
  from life where h % 14 = 0;
