-- What operators do to many sagas at once.

-- members: what the action takes beside its name, as JSON. total: how many items there are, from the start.
-- next_at: when the next of them may be done; while somebody is at it, when somebody else may take over.
CREATE TABLE saga_bulk (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id     uuid        NOT NULL UNIQUE,
    action         text        NOT NULL,
    members        text        NOT NULL,
    actor          text        NOT NULL,
    reason         text        NOT NULL,
    max_per_second int         NOT NULL,
    total          int         NOT NULL,
    created_at     timestamptz NOT NULL,
    next_at        timestamptz NOT NULL,
    ended_at       timestamptz,
    cancelled_by   text
);
CREATE INDEX saga_bulk_running ON saga_bulk (next_at) WHERE ended_at IS NULL;

-- The sagas that were meant when it was asked for, each with the version that it had then. None is added later.
CREATE TABLE saga_bulk_item (
    bulk_id bigint NOT NULL REFERENCES saga_bulk (id),
    saga_id bigint NOT NULL,
    version int    NOT NULL,
    result  text   NOT NULL DEFAULT 'PENDING',
    message text,
    at      timestamptz,
    PRIMARY KEY (bulk_id, saga_id)
);
CREATE INDEX saga_bulk_item_pending ON saga_bulk_item (bulk_id, saga_id) WHERE result = 'PENDING';
