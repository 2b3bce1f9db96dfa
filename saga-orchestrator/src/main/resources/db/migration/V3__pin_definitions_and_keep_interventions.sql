-- What operators and deployments can rely on.

-- What the definition did when the saga started; null for sagas that are older than this column.
ALTER TABLE saga_data ADD COLUMN definition_hash text;

-- Answers that came when nobody waited for them, and changed nothing.
CREATE TABLE saga_stale_reply (
    saga_id        bigint      NOT NULL,
    at             timestamptz NOT NULL,
    step           text        NOT NULL,
    direction      text        NOT NULL,
    attempt        int         NOT NULL,
    outcome        text        NOT NULL,
    detail         text        NOT NULL,
    reply_position text
);
CREATE INDEX saga_stale_reply_saga_id ON saga_stale_reply (saga_id);

-- What operators did. The same request again does nothing more; version is the saga's after it.
CREATE TABLE saga_intervention (
    request_id uuid        PRIMARY KEY,
    saga_id    bigint      NOT NULL,
    at         timestamptz NOT NULL,
    actor      text        NOT NULL,
    reason     text        NOT NULL,
    action     text        NOT NULL,
    step       text,
    version    int         NOT NULL
);
CREATE INDEX saga_intervention_saga_id ON saga_intervention (saga_id);
