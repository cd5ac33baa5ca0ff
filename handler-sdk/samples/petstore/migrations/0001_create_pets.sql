-- The same text runs on SQLite and on PostgreSQL. Neither's own way to number rows is known to the other, hence a table of numbers.
CREATE TABLE numbers (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE pets (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_lower TEXT NOT NULL, -- made by the handler: the databases do not agree on lower() beyond ASCII
    kind TEXT NOT NULL,
    born DATE,
    price_cents BIGINT NOT NULL,
    chip TEXT UNIQUE
);

CREATE INDEX pets_by_kind ON pets (kind, id);
