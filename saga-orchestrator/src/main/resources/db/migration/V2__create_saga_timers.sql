-- Timers. A saga that ends in time never has a row here.

-- The late and the stuck: every open saga that the sweep has passed stands here. due_at is infinity while it is stuck.
CREATE TABLE saga_timer (
    saga_id bigint      PRIMARY KEY,
    due_at  timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX saga_timer_due_at ON saga_timer (due_at);

-- How far the sweep has come along the saga ids: every open saga below it has a timer. One row.
CREATE TABLE saga_sweep (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    swept_to bigint  NOT NULL
) WITH (fillfactor = 10);
INSERT INTO saga_sweep (swept_to) VALUES (0);
