-- What operators are shown: counts that are exact whatever was restarted, and dead letters.

-- Sagas below saga_sweep.swept_to, by definition: how many were started, and how many of them ended and have no timer (any
-- more). The others below it have a timer and are counted there; those above it are counted where they lie.
CREATE TABLE saga_total (
    definition  text   PRIMARY KEY,
    started     bigint NOT NULL,
    completed   bigint NOT NULL,
    compensated bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO saga_total (definition, started, completed, compensated)
SELECT d.definition, count(*), count(*) FILTER (WHERE s.phase = 2 AND t.saga_id IS NULL),
       count(*) FILTER (WHERE s.phase = 3 AND t.saga_id IS NULL)
FROM saga s JOIN saga_data d ON d.id = s.id LEFT JOIN saga_timer t ON t.saga_id = s.id
WHERE s.id < (SELECT swept_to FROM saga_sweep) GROUP BY d.definition;

-- Timers of sagas that were stuck and ended never fired.
UPDATE saga_timer t SET due_at = now() FROM saga s WHERE s.id = t.saga_id AND t.due_at = 'infinity' AND s.phase IN (2, 3);

-- The trace of the request that started the saga; null if it had none, and for sagas that are older than this column.
ALTER TABLE saga_data ADD COLUMN trace_parent text;

-- What lies in the dead letters' topics and in saga.dead-letters. id is the order in which it was read.
-- record_key, header_names, header_values, body: the record's bytes, since nobody knows what they are. bytes: how many its
-- body has, also where complete is false because it was too large to be kept.
-- origin: where the record was read before it was put aside. status: NEW, REDRIVEN or DISCARDED, and since when, by
-- whom, why and on which request.
CREATE TABLE dead_letter (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic            text        NOT NULL,
    partition        int         NOT NULL,
    record_offset    bigint      NOT NULL,
    at               timestamptz NOT NULL,
    record_key       bytea,
    header_names     bytea[]     NOT NULL,
    header_values    bytea[]     NOT NULL,
    body             bytea,
    bytes            int         NOT NULL,
    complete         boolean     NOT NULL,
    type             text,
    saga_id          bigint,
    origin_topic     text,
    origin_partition int,
    origin_offset    bigint,
    exception        text,
    reason           text        NOT NULL,
    status           text        NOT NULL DEFAULT 'NEW',
    settled_at       timestamptz,
    settled_by       text,
    settled_why      text,
    settled_request  uuid,
    CONSTRAINT dead_letter_record UNIQUE (topic, partition, record_offset)
);
CREATE INDEX dead_letter_topic ON dead_letter (topic, id);
CREATE INDEX dead_letter_status ON dead_letter (status, id);
CREATE INDEX dead_letter_saga_id ON dead_letter (saga_id, id) WHERE saga_id IS NOT NULL;

-- How far the dead letters' topics were read; moves in the transaction that stores what was read.
CREATE TABLE dead_letter_position (
    topic       text   NOT NULL,
    partition   int    NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 10);
