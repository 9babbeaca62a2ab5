/* -- one – in “another” */
CREATE OR REPLACE STREAM--the name
"OUT" /**/(//comment
  "a" INTEGER /* it's */ , -- "quoted
  "b" VARCHAR(8) // 'and this
);
CREATE OR REPLACE PUMP "P" AS -- ;
INSERT INTO "OUT"("a","b")SELECT STREAM"a","b"FROM"IN"WHERE"a">-1-- the end
