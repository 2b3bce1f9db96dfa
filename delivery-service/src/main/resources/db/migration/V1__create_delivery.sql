-- address: {"name","line1","line2","city","postalCode","country"}; personal data, kept only where somebody goes there.
create table delivery (
  order_id    bigint primary key,
  delivery_id text unique check ((delivery_id is not null) = (status = 'SCHEDULED')),
  status      text        not null check (status in ('SCHEDULED', 'REFUSED')),
  country     text        not null,
  address     jsonb check ((address is not null) = (status = 'SCHEDULED')),
  decided_at  timestamptz not null
);
