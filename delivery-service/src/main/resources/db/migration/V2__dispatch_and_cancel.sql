-- A delivery is dispatched or cancelled, once. One that was cancelled before it was ever asked for has no delivery_id and
-- no country: it sees to it that none is scheduled any more.
alter table delivery
  drop constraint delivery_status_check,
  drop constraint delivery_check,
  drop constraint delivery_check1,
  alter column country drop not null,
  -- when it was dispatched or cancelled
  add column ended_at timestamptz,
  add check (status in ('SCHEDULED', 'REFUSED', 'DISPATCHED', 'CANCELLED')),
  add check (case status when 'REFUSED' then delivery_id is null
                         when 'CANCELLED' then (delivery_id is null) = (country is null)
                         else delivery_id is not null end),
  add check (country is not null or status = 'CANCELLED'),
  add check ((address is not null) = (status in ('SCHEDULED', 'DISPATCHED'))),
  add check ((ended_at is not null) = (status in ('DISPATCHED', 'CANCELLED')));
