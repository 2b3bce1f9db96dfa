-- What a customer holds with us. It changes often and only in columns without an index, so its rows keep room for their
-- next versions. balance_minor is the sum of the wallet's entries.
create table wallet (
  customer_id   text collate "C" primary key,
  balance_minor bigint  not null check (balance_minor >= 0),
  currency      char(3) not null,
  version       bigint  not null
) with (fillfactor = 50);

-- amount_minor is always positive; the kind says which way it went: a CREDIT and a REFUND raise the balance, a CHARGE
-- lowers it. No foreign key: whoever writes an entry holds the lock of its wallet, and no wallet is ever deleted.
create table wallet_entry (
  id           bigint primary key,
  customer_id  text collate "C" not null,
  kind         text        not null check (kind in ('CREDIT', 'CHARGE', 'REFUND')),
  amount_minor bigint      not null check (amount_minor > 0),
  order_id     bigint,
  at           timestamptz not null,
  check ((order_id is null) = (kind = 'CREDIT'))
);

create sequence wallet_entry_id increment by 100;

-- An order is charged to a wallet at most once and gets its money back at most once, whatever the code believes.
create unique index wallet_entry_once on wallet_entry (order_id, kind) where order_id is not null;

-- One per order. A refund that came before its charge leaves a row that is REFUNDED and has no customer and no amount.
create table payment (
  order_id        bigint primary key,
  customer_id     text,
  method          text check (method in ('WALLET', 'CARD')),
  status          text        not null check (status in ('PENDING', 'CHARGED', 'REFUSED', 'REFUNDING', 'REFUNDED')),
  amount_minor    bigint check (amount_minor > 0),
  currency        char(3),
  card_token      text,
  idempotency_key text        not null,
  refusal_code    text,
  refusal_message text,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  check ((refusal_code is not null) = (status = 'REFUSED')),
  check ((card_token is not null) = (method is not distinct from 'CARD')),
  check (amount_minor is not null and currency is not null and customer_id is not null and method is not null
         or amount_minor is null and currency is null and customer_id is null and method is null
            and status = 'REFUNDED')
) with (fillfactor = 80);

-- What is asked of the card gateway: written before the call, and answered in a later transaction. The rows that are
-- DONE are our side of the gateway's ledger: idempotency_key, kind and amount_minor are the same there.
--   WAITING   a refund whose capture is not decided yet
--   OPEN      to be called, or called with the outcome unknown
--   DONE      the gateway has booked it
--   DECLINED  the card was declined; nothing was booked
--   DROPPED   not needed any more; the gateway was never asked
-- due_at: when the next call may be made (while one is under way: when it is given up for lost).
-- claims: counts the times that a process took the call upon itself.
-- may_be_known: the gateway may have heard of it.
-- command: whom to tell the outcome. problem: what a person should look at.
create table gateway_call (
  idempotency_key text primary key,
  order_id        bigint      not null,
  kind            text        not null check (kind in ('CAPTURE', 'REFUND')),
  amount_minor    bigint      not null check (amount_minor > 0),
  currency        char(3)     not null,
  state           text        not null check (state in ('WAITING', 'OPEN', 'DONE', 'DECLINED', 'DROPPED')),
  due_at          timestamptz,
  claims          int         not null,
  may_be_known    boolean     not null,
  gateway_id      text,
  command         text,
  problem         text,
  created_at      timestamptz not null,
  unique (order_id, kind),
  check ((due_at is not null) = (state = 'OPEN')),
  check ((gateway_id is not null) = (state = 'DONE'))
) with (fillfactor = 70);

create index gateway_call_due on gateway_call (due_at) where due_at is not null;

-- The first answers to requests with an Idempotency-Key.
create table idempotency_key (
  scope      text        not null,
  key        text        not null,
  body_hash  bytea       not null,
  status     smallint,
  location   text,
  body       bytea,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

create index idempotency_key_age on idempotency_key using brin (created_at);
