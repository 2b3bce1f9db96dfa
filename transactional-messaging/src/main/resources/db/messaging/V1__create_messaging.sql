-- What the messaging remembers, in a schema and with a history of its own.

-- Each process takes one number at its start, so that two processes never make the same id.
CREATE SEQUENCE node;

-- How far a consumer has read a partition, and what its last batch had to say. The truth; Kafka's offset is a courtesy.
-- next_offset is -1 until the partition was first read. The output is stored as it is: compressing it costs more than it saves.
CREATE TABLE position (
    consumer    text   NOT NULL,
    topic       text   NOT NULL,
    partition   int    NOT NULL,
    topic_id    text   NOT NULL,
    next_offset bigint NOT NULL,
    output      bytea,
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 10);
ALTER TABLE position ALTER COLUMN output SET STORAGE EXTERNAL;

-- The outcome of each command under its command key: what makes the same command again harmless.
-- direction: 0 action, 1 compensation. status: 0 pending, 1 done, 2 refused, 3 tombstone (cancelled before it came).
-- While pending, the row also says whom to answer.
CREATE TABLE outcome (
    saga_id      bigint      NOT NULL,
    step         text        NOT NULL,
    direction    smallint    NOT NULL,
    status       smallint    NOT NULL,
    attempt      int         NOT NULL,
    reply_key    text        NOT NULL,
    reply_type   text,
    reply        bytea,
    trace_parent text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (saga_id, step, direction)
);

-- What a transaction outside a consumer had to say: one row a transaction, deleted when the broker has it.
CREATE TABLE outbox (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    records    bytea       NOT NULL
);
ALTER TABLE outbox ALTER COLUMN records SET STORAGE EXTERNAL;
