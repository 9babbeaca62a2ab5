SELECT STREAM "a" AS timestamp FROM "s"
