-- Stock changes often and only in columns without an index, so its rows keep room for their next versions.
create table product (
  sku         text collate "C" primary key check (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
  name        text    not null,
  price_minor bigint  not null check (price_minor > 0),
  currency    char(3) not null,
  version     bigint  not null,
  available   bigint  not null check (available >= 0),
  reserved    bigint  not null check (reserved >= 0),
  shipped     bigint  not null check (shipped >= 0)
) with (fillfactor = 50);

-- available + reserved + shipped of a product is the sum of its receipts.
create table receipt (
  id       bigint generated always as identity primary key,
  sku      text collate "C" not null references product,
  quantity bigint           not null check (quantity > 0),
  at       timestamptz      not null
);

create index receipt_sku on receipt (sku);

-- lines: [{"sku":"KEYBOARD","quantity":2}], one per SKU.
create table reservation (
  order_id   bigint primary key,
  status     text        not null check (status in ('HELD', 'RELEASED', 'SHIPPED', 'REFUSED')),
  lines      jsonb       not null,
  refusal    text check ((refusal is not null) = (status = 'REFUSED')),
  version    int         not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 80);
