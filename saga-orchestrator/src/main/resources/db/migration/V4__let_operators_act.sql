-- What operators see and do.

-- What operators tried, and what came of it: only ever added to. One request is granted once.
-- saga_id: null if it was not about one saga. version_before, version_after: the saga's.
CREATE TABLE operator_audit (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    actor          text        NOT NULL,
    action         text        NOT NULL,
    saga_id        bigint,
    step           text,
    reason         text        NOT NULL,
    request_id     uuid        NOT NULL,
    result         text        NOT NULL,
    detail         text,
    version_before int,
    version_after  int,
    bulk_id        text
);
CREATE UNIQUE INDEX operator_audit_granted ON operator_audit (request_id) WHERE result = 'GRANTED';
CREATE INDEX operator_audit_saga_id ON operator_audit (saga_id, id);
CREATE INDEX operator_audit_actor ON operator_audit (actor, id);

INSERT INTO operator_audit (at, actor, action, saga_id, step, reason, request_id, result, version_after)
SELECT at, actor, lower(action), saga_id, step, reason, request_id, 'GRANTED', version
FROM saga_intervention ORDER BY at;
DROP TABLE saga_intervention;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to; % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER operator_audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The first of two operators, where it takes two. deed: the action with its step and what was found out.
CREATE TABLE operator_proposal (
    saga_id    bigint      NOT NULL,
    version    int         NOT NULL,
    deed       text        NOT NULL,
    actor      text        NOT NULL,
    reason     text        NOT NULL,
    request_id uuid        NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (saga_id, version, deed)
);

-- The sagas that need a person. Written when one gets stuck, gets stuck by something else, or ceases to be.
-- error: what the step's participant said, else why the saga is being undone. search: what the definition finds it by.
CREATE TABLE saga_stuck (
    saga_id       bigint      PRIMARY KEY,
    definition    text        NOT NULL,
    step          text        NOT NULL,
    code          text        NOT NULL,
    error         text,
    participant   text,
    message       text        NOT NULL,
    since         timestamptz NOT NULL,
    search        text,
    snoozed_until timestamptz
);
CREATE INDEX saga_stuck_search ON saga_stuck (search, saga_id);
INSERT INTO saga_stuck (saga_id, definition, step, code, error, message, since)
SELECT s.id, d.definition, s.stuck_step, s.stuck_code, s.reason_code, s.stuck_message, s.updated_at
FROM saga_timer t JOIN saga s ON s.id = t.saga_id JOIN saga_data d ON d.id = s.id WHERE s.phase = 4;

-- Who sees to a saga, and what operators want one another to know of it.
CREATE TABLE saga_attention (
    saga_id  bigint PRIMARY KEY,
    assignee text,
    note     text
);
CREATE INDEX saga_attention_assignee ON saga_attention (assignee, saga_id) WHERE assignee IS NOT NULL;
