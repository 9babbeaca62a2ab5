"""Reads {tables: {name: {columns: [[name, type]], rows: [[...]]}}, queries: [text]} and prints for each query a line of JSON: its rows, or {error}."""
import datetime
import decimal
import json
import sys

import duckdb

EPOCH = datetime.datetime(1970, 1, 1)


def plain(value):
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.datetime):
        return round((value - EPOCH).total_seconds() * 1000)
    if isinstance(value, datetime.date):
        return (value - EPOCH.date()).days * 86_400_000
    return value


given = json.load(sys.stdin)
connection = duckdb.connect()
connection.execute("SET threads TO 1")
for name, table in given["tables"].items():
    columns = ", ".join(f"{column} {kind}" for column, kind in table["columns"])
    connection.execute(f"CREATE TABLE {name} ({columns})")
    marks = ", ".join("?" for _ in table["columns"])
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", table["rows"])
for query in given["queries"]:
    try:
        rows = connection.execute(query).fetchall()
        print(json.dumps([[plain(value) for value in row] for row in rows]))
    except Exception as error:
        print(json.dumps({"error": str(error)}))
