-- What operators hold back: to its saga a held command is sent, and it lies here until it is let go.

-- paused: an operator holds everything that the saga says. stopped_at: since when the saga's clock stands still, null
-- while it goes. stood_still: for how many milliseconds it stood before; null for never.
ALTER TABLE saga
    ADD COLUMN paused      boolean NOT NULL DEFAULT false,
    ADD COLUMN stopped_at  timestamptz,
    ADD COLUMN stood_still bigint;

-- What is held of a definition, or of one step of it. Never deleted: who held and let go what, and when, stays known.
-- next_at: when the next of its commands may be sent, once it is let go.
CREATE TABLE saga_hold (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id     uuid        NOT NULL UNIQUE,
    definition     text        NOT NULL,
    step           text,
    actor          text        NOT NULL,
    reason         text        NOT NULL,
    since          timestamptz NOT NULL,
    released_at    timestamptz,
    released_by    text,
    release_reason text,
    max_per_second int,
    next_at        timestamptz
);
CREATE UNIQUE INDEX saga_hold_active ON saga_hold (definition, coalesce(step, '')) WHERE released_at IS NULL;

-- The newest attempt of each command that is held. Its body is made anew when it is let go, with an expiry of that time.
-- hold_id: null if the saga's own pause holds it.
CREATE TABLE held_command (
    saga_id   bigint      NOT NULL,
    step      text        NOT NULL,
    direction text        NOT NULL,
    attempt   int         NOT NULL,
    probe     boolean     NOT NULL,
    since     timestamptz NOT NULL,
    hold_id   bigint,
    PRIMARY KEY (saga_id, step, direction)
);
CREATE INDEX held_command_hold_id ON held_command (hold_id, saga_id);
