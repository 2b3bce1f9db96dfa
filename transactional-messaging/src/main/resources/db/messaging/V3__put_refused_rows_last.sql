-- When the broker last refused a row for good, as for its size or its topic. Such a row stays, and the others are sent
-- without it. Null for almost every row, always.
ALTER TABLE outbox ADD COLUMN refused_at timestamptz;
