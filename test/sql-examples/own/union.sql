CREATE OR REPLACE STREAM all_events (id VARCHAR(8), kind VARCHAR(8));
CREATE OR REPLACE PUMP both_pump AS INSERT INTO all_events
  (SELECT STREAM id, 'left' FROM lefts) UNION ALL (SELECT STREAM id, 'right' FROM rights);
