-- Counts what each customer bought, by a join of two tables with an index, in a database file.
PRAGMA cache_size = 200;
SELECT customer.name, count(*), sum(purchase.amount)
FROM customer JOIN purchase ON purchase.customer = customer.id
WHERE purchase.amount > 900
GROUP BY customer.id ORDER BY 3 DESC LIMIT 10;
