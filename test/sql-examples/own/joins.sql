CREATE OR REPLACE STREAM "PAID" (order_id BIGINT, amount DECIMAL(10,2), name VARCHAR(32));
CREATE OR REPLACE PUMP "PAID_PUMP" AS
INSERT INTO "PAID" (order_id, amount, name)
SELECT STREAM o . order_id, p.amount, c.name
FROM orders OVER (RANGE INTERVAL '10' MINUTE PRECEDING) AS o
JOIN payments OVER last_ten p ON o.order_id = p.order_id AND p.amount <> 0
LEFT OUTER JOIN customers AS c ON c.id = o.customer_id
WINDOW last_ten AS (RANGE INTERVAL '10' MINUTE PRECEDING);
