"""Prints the rows of Parquet files as JSON lines: `read_rows.py pyarrow|duckdb FILE...`, one line of {"groups", "rows"} a file.

Integers, decimals and text are strings, timestamps are ISO to the nanosecond, bytes hexadecimal, maps lists of pairs.
With pyarrow the bounds and counts of nulls in the footer are compared with the values that they are said to bound.
"""

import datetime
import decimal
import json
import sys


def plain(value):
    """A Python value, as DuckDB gives it."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%f000")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def typed(value, type_name):
    """A DuckDB value of a nested type: only the type tells a map from a struct."""
    if isinstance(value, dict):
        if str(type_name).startswith("MAP"):
            return [[key, typed(item, type_name.children[1][1])] for key, item in value.items()]
        return {name: typed(value[name], child) for name, child in type_name.children}
    if isinstance(value, list):
        return [typed(item, type_name.children[0][1]) for item in value]
    return plain(value)


def read_duckdb(path):
    import duckdb

    found = duckdb.execute("select * from read_parquet(?)", [path])
    columns = [(column[0], column[1]) for column in found.description]
    rows = [{name: typed(value, kind) for (name, kind), value in zip(columns, row)} for row in found.fetchall()]
    groups = duckdb.execute("select count(distinct row_group_id) from parquet_metadata(?)", [path]).fetchone()[0]
    return groups, rows


def scalar(value):
    """A pyarrow scalar."""
    import pyarrow

    if not value.is_valid:
        return None
    kind = value.type
    if pyarrow.types.is_timestamp(kind):
        seconds, nanos = divmod(value.value, 1_000_000_000)
        moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        return f"{moment.isoformat()}.{nanos:09d}"
    if pyarrow.types.is_map(kind):
        return [[scalar(item["key"]), scalar(item["value"])] for item in value.values]
    if pyarrow.types.is_list(kind):
        return [scalar(item) for item in value.values]
    if pyarrow.types.is_struct(kind):
        return {field.name: scalar(value[field.name]) for field in kind}
    return plain(value.as_py())


def check_statistics(file):
    import pyarrow.compute
    import pyarrow.types

    for group in range(file.num_row_groups):
        metadata = file.metadata.row_group(group)
        table = file.read_row_group(group)
        for index in range(metadata.num_columns):
            column = metadata.column(index)
            if "." in column.path_in_schema:
                continue
            values = table.column(column.path_in_schema)
            statistics = column.statistics
            assert statistics.null_count == values.null_count, f"nulls of {column.path_in_schema}"
            if pyarrow.types.is_timestamp(values.type) or values.null_count == len(values):
                assert not statistics.has_min_max, f"bounds of {column.path_in_schema}"
                continue
            assert statistics.has_min_max, f"no bounds of {column.path_in_schema}"
            bounds = pyarrow.compute.min_max(values).as_py()
            least, most = statistics.min, statistics.max
            assert (least, most) == (bounds["min"], bounds["max"]), f"{column.path_in_schema}: {least}..{most}, not {bounds}"


def read_pyarrow(path):
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    check_statistics(file)
    table = file.read()
    names = table.column_names
    columns = [[scalar(value) for value in table.column(name)] for name in names]
    return file.num_row_groups, [dict(zip(names, row)) for row in zip(*columns)]


READERS = {"duckdb": read_duckdb, "pyarrow": read_pyarrow}

for file_name in sys.argv[2:]:
    row_groups, found_rows = READERS[sys.argv[1]](file_name)
    print(json.dumps({"groups": row_groups, "rows": found_rows}))
