-- Operators find every saga by what its definition says, as a customer's number, and not only a stuck one.

-- What the saga is found by. Sagas that are older than this have none, and are found while they are stuck.
ALTER TABLE saga_data ADD COLUMN search text;

-- The same the other way round. The sweep fills it, in order and many at a time: an index that every start of a saga
-- wrote would touch a page of it each time. What the sweep has not passed is looked through.
CREATE TABLE saga_search (
    search  text   NOT NULL,
    saga_id bigint NOT NULL,
    PRIMARY KEY (search, saga_id)
);

-- How far the sweep has filled it. An instance of an earlier version moves swept_to alone.
ALTER TABLE saga_sweep ADD COLUMN found_to bigint NOT NULL DEFAULT 0;
UPDATE saga_sweep SET found_to = swept_to;
