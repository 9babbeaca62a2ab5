"""A program of boto3, reported as TAP. Arguments: a label for the cases, and the endpoint."""

import os
import sys
import threading
import time
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

label, url = sys.argv[1:]
cases = 0
no_retries = Config(retries={"total_max_attempts": 1})
kinesis = boto3.client("kinesis", endpoint_url=url)
name = f"boto3-{label}-{os.environ['RUN_ID']}"


@contextmanager
def check(case):
    global cases
    cases += 1
    try:
        yield
    except BaseException:
        print(f"not ok {cases} - {label}: {case}", flush=True)
        raise
    print(f"ok {cases} - {label}: {case}", flush=True)


def expect(kind, message, call, **arguments):
    try:
        call(**arguments)
    except kind as error:
        assert message in error.response["Error"]["Message"], error
        assert error.response["ResponseMetadata"]["RequestId"]
        return
    raise AssertionError(f"expected {kind.__name__}")


def read(shard_id, **start):
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=shard_id, **start)["ShardIterator"]
    records = []
    while iterator:
        page = kinesis.get_records(ShardIterator=iterator)
        records += page["Records"]
        if page["MillisBehindLatest"] == 0:
            return records
        iterator = page.get("NextShardIterator")
    return records


with check("creates a stream, waits for it, pages through its shards"):
    kinesis.create_stream(StreamName=name, ShardCount=3)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    first = kinesis.list_shards(StreamName=name, MaxResults=2)
    rest = kinesis.list_shards(NextToken=first["NextToken"])
    shards = first["Shards"] + rest["Shards"]
    assert [len(first["Shards"]), len(rest["Shards"])] == [2, 1]
    summary = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 3 and summary["StreamStatus"] == "ACTIVE"

with check("puts and gets records, byte for byte and in order"):
    data = bytes(range(256))
    before = time.time()
    one = kinesis.put_record(StreamName=name, Data=data, PartitionKey="k", ExplicitHashKey="0")
    entries = [
        {"Data": b"%d" % index, "PartitionKey": f"key {index}", "ExplicitHashKey": "0"} for index in range(500)
    ]
    many = kinesis.put_records(StreamName=name, Records=entries)
    assert many["FailedRecordCount"] == 0
    records = read(one["ShardId"], ShardIteratorType="TRIM_HORIZON")
    assert [r["Data"] for r in records] == [data] + [entry["Data"] for entry in entries]
    assert [r["PartitionKey"] for r in records] == ["k"] + [entry["PartitionKey"] for entry in entries]
    acknowledged = [one["SequenceNumber"]] + [r["SequenceNumber"] for r in many["Records"]]
    assert [r["SequenceNumber"] for r in records] == acknowledged
    assert sorted(acknowledged, key=int) == acknowledged
    after = read(
        one["ShardId"], ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=acknowledged[-2]
    )
    assert [r["SequenceNumber"] for r in after] == acknowledged[-1:]
    stamped = read(one["ShardId"], ShardIteratorType="AT_TIMESTAMP", Timestamp=before - 1)
    assert len(stamped) == 501

with check("errors are the classes of the model"):
    expect(
        kinesis.exceptions.ResourceNotFoundException,
        "Stream boto3-missing under account",
        kinesis.describe_stream_summary,
        StreamName="boto3-missing",
    )
    expect(kinesis.exceptions.ResourceInUseException, "already exists", kinesis.create_stream, StreamName=name, ShardCount=1)
    expect(kinesis.exceptions.InvalidArgumentException, "", kinesis.get_records, ShardIterator="none")
    expect(
        ClientError,
        "failed to satisfy constraint",
        kinesis.create_stream,
        StreamName="no spaces please",
        ShardCount=1,
    )
    try:
        kinesis.put_record(StreamName=name)
        raise AssertionError("the model was not loaded")
    except ParamValidationError:
        pass

with check("a wrong secret and an unknown key are refused"):
    keys = {"aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": "wrong"}
    stranger = boto3.client("kinesis", endpoint_url=url, config=no_retries, **keys)
    try:
        stranger.list_streams()
        raise AssertionError("a wrong secret was let in")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "InvalidSignatureException", error
    keys["aws_access_key_id"] = "AKIAUNKNOWN000000000"
    try:
        boto3.client("kinesis", endpoint_url=url, config=no_retries, **keys).list_streams()
        raise AssertionError("an unknown key was let in")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "UnrecognizedClientException", error

with check("SubscribeToShard over HTTP/1.1: the past, then what is put while it is open"):
    arn = summary["StreamARN"]
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="subscriber")["Consumer"]["ConsumerARN"]
    while (
        kinesis.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE"
    ):
        time.sleep(0.2)
    subscription = kinesis.subscribe_to_shard(
        ConsumerARN=consumer, ShardId=one["ShardId"], StartingPosition={"Type": "TRIM_HORIZON"}
    )

    def put_later():
        time.sleep(0.5)
        kinesis.put_record(StreamName=name, Data=b"pushed", PartitionKey="k", ExplicitHashKey="0")

    putter = threading.Thread(target=put_later)
    putter.start()
    seen = []
    for event in subscription["EventStream"]:
        inner = event["SubscribeToShardEvent"]
        assert inner["ContinuationSequenceNumber"] and inner["MillisBehindLatest"] >= 0
        seen += inner["Records"]
        if seen and seen[-1]["Data"] == b"pushed":
            break
    subscription["EventStream"].close()
    putter.join()
    assert len(seen) == 502 and seen[0]["Data"] == data

with check("tags, retention and deletion"):
    kinesis.add_tags_to_stream(StreamName=name, Tags={"team": "mill", "größe": "klein"})
    tags = kinesis.list_tags_for_stream(StreamName=name)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "mill", "größe": "klein"}
    kinesis.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=48)
    assert kinesis.describe_stream(StreamName=name)["StreamDescription"]["RetentionPeriodHours"] == 48
    kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})

print(f"1..{cases}", flush=True)
