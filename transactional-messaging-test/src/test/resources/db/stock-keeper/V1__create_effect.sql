CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL, effect text NOT NULL);
