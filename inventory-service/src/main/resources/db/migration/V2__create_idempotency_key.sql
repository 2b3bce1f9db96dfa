-- The first answer to each Idempotency-Key, written in the transaction of its effect.
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
