-- Makes the database that query.sql asks: 500 customers, and 10,000 purchases in no order.
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
INSERT INTO customer SELECT i, 'customer ' || i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
INSERT INTO purchase SELECT i, i * 7919 % 500 + 1, i * 104729 % 1000 FROM n;
CREATE INDEX by_amount ON purchase (amount);
