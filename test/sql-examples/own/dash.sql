– a comment of a word processor
SELECT STREAM "a" FROM "s"