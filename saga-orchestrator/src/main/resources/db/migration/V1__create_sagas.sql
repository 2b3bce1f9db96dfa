-- Sagas.

-- What changes: narrow, and with no index on anything that a change touches, so that every change stays on its page
-- (heap-only); half of each page is left free for that.
-- phase: 0 forward, 1 compensating, 2 completed, 3 compensated, 4 stuck. state: what people see.
-- trail: how far each step is. reason: why it is being undone. stuck: what it needs a person for.
CREATE TABLE saga (
    id             bigint      PRIMARY KEY,
    version        int         NOT NULL,
    phase          smallint    NOT NULL,
    updated_at     timestamptz NOT NULL,
    state          text        NOT NULL,
    trail          bytea       NOT NULL,
    reason_code    text,
    reason_step    text,
    reason_message text,
    stuck_code     text,
    stuck_step     text,
    stuck_message  text,
    stuck_from     smallint
) WITH (fillfactor = 50);

-- What never changes: which definition, about what, and all that the saga knows. One saga per definition and key.
CREATE TABLE saga_data (
    id                 bigint      PRIMARY KEY,
    definition         text        NOT NULL,
    definition_version int         NOT NULL,
    business_key       bigint      NOT NULL,
    created_at         timestamptz NOT NULL,
    body               bytea       NOT NULL,
    CONSTRAINT saga_data_business_key UNIQUE (business_key, definition)
);
ALTER TABLE saga_data ALTER COLUMN body SET STORAGE EXTERNAL;

-- What happened, one row a change, never changed again. seq is the saga's version after the change.
-- step, direction, attempt: of the command that was answered, or not answered; message: that command's type.
CREATE TABLE saga_log (
    saga_id          bigint      NOT NULL,
    seq              int         NOT NULL,
    at               timestamptz NOT NULL,
    from_state       text,
    to_state         text        NOT NULL,
    message          text,
    step             text,
    direction        text,
    attempt          int,
    outcome          text        NOT NULL,
    detail           text,
    command_position text,
    reply_position   text,
    actor            text,
    PRIMARY KEY (saga_id, seq)
);
