"""Reads a stream from its trim horizon to its tail with boto3, and prints each record as a line of JSON: its shard, its sequence number, its text.
Arguments: the endpoint, the stream's name."""

import json
import sys

import boto3

url, name = sys.argv[1:]
kinesis = boto3.client("kinesis", endpoint_url=url)
for shard in kinesis.list_shards(StreamName=name)["Shards"]:
    iterator = kinesis.get_shard_iterator(
        StreamName=name, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    while iterator:
        page = kinesis.get_records(ShardIterator=iterator)
        for record in page["Records"]:
            print(json.dumps([shard["ShardId"], record["SequenceNumber"], record["Data"].decode()]))
        iterator = page.get("NextShardIterator") if page["MillisBehindLatest"] > 0 else None
