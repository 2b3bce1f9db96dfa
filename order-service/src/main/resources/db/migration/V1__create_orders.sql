-- Orders, one row each. A row changes once, when the order ends; the room that pages keep free lets that be a heap-only
-- update, which touches no index.
create table orders (
    id               bigint      primary key,
    customer_id      text        not null,
    status           text        not null check (status in ('PENDING', 'COMPLETED', 'CANCELLED')),
    version          int         not null,
    reason_code      text,
    reason_step      text,
    reason_message   text,
    lines            jsonb       not null, -- [{"sku","quantity","priceMinor"}]
    total_minor      bigint      not null check (total_minor > 0),
    currency         char(3)     not null,
    payment_method   text        not null check (payment_method in ('WALLET', 'CARD')),
    delivery_address jsonb       not null,
    placed_at        timestamptz not null,
    updated_at       timestamptz not null,
    check ((status = 'CANCELLED') = (reason_code is not null))
) with (fillfactor = 80);

-- The keys of requests that placed an order. final_answer: the first answer told how the order ended.
create table idempotency_key (
    key          text        primary key,
    body_hash    bytea       not null,
    order_id     bigint      not null,
    final_answer boolean     not null default false,
    created_at   timestamptz not null default now()
);
create index idempotency_key_age on idempotency_key using brin (created_at);

-- What inventory-service says of its products. The version counts a product's changes there.
create table catalogue (
    sku         text   primary key,
    name        text   not null,
    price_minor bigint not null,
    currency    char(3) not null,
    version     bigint not null
);
