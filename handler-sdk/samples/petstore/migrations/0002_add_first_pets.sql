INSERT INTO pets (id, name, name_lower, kind, born, price_cents, chip) VALUES
    (1, 'Rex', 'rex', 'dog', '2023-05-17', 24900, '276098100000001'),
    (2, 'Mia', 'mia', 'cat', '2024-01-30', 12050, NULL),
    (3, 'Tweety', 'tweety', 'bird', NULL, 1999, NULL);

INSERT INTO numbers (name, last) VALUES ('pets', 3);
