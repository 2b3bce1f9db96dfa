-- What the tests' participant did, by command: n counts every time, so that a second effect shows.
CREATE TABLE effect (
    saga_id   bigint NOT NULL,
    direction text   NOT NULL,
    n         int    NOT NULL,
    PRIMARY KEY (saga_id, direction)
);

-- How often each event was heard.
CREATE TABLE heard (
    saga_id bigint PRIMARY KEY,
    n       int NOT NULL
);

-- Whoever inserts a number below zero here learns it at the statement, and above 1,000 only at the commit.
CREATE TABLE bounded (
    number int NOT NULL CHECK (number >= 0)
);
CREATE FUNCTION refuse_large_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number > 1000 THEN
        RAISE EXCEPTION 'too large' USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER bounded_at_commit AFTER INSERT ON bounded
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_large_number();
