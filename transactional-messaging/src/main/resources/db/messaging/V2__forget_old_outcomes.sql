-- Outcomes are forgotten in the order of their sagas, whose ids are sorted by time. What is not known of a saga below
-- this id may have been known once. Always one row.
CREATE TABLE forgotten (
    below bigint NOT NULL
);
INSERT INTO forgotten (below) VALUES (0);

-- As much is removed each day as is added. The space is used again after a vacuum, so let it come before it is much.
ALTER TABLE outcome SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 10000);
