"""A program of boto3 on Firehose, reported as TAP. Arguments: a label for the cases, and the endpoint."""

import os
import sys
import time
from contextlib import contextmanager

import boto3
from botocore.config import Config

label, url = sys.argv[1:]
cases = 0
firehose = boto3.client("firehose", endpoint_url=url)
name = f"boto3-{label}-{os.environ['RUN_ID']}"
kinesis = boto3.client("kinesis", endpoint_url=url)


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


def described(wanted):
    for _ in range(150):
        found = firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
        if wanted(found):
            return found
        time.sleep(0.2)
    raise AssertionError(f"never as wanted: {found}")


with check("creates a delivery stream that reads a stream"):
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    stream = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]
    role = f"arn:aws:iam::{stream.split(':')[4]}:role/boto3"
    source = {"KinesisStreamARN": stream, "RoleARN": role}
    expect(
        firehose.exceptions.InvalidArgumentException,
        "not found",
        firehose.create_delivery_stream,
        DeliveryStreamName=name,
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={**source, "KinesisStreamARN": stream + "-none"},
        S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::boto3"},
    )
    firehose.create_delivery_stream(
        DeliveryStreamName=name,
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration=source,
        HttpEndpointDestinationConfiguration={
            "EndpointConfiguration": {"Url": "https://localhost/collect", "Name": "mine", "AccessKey": "secret"},
            "S3Configuration": {"RoleARN": role, "BucketARN": "arn:aws:s3:::boto3"},
        },
    )
    found = described(lambda one: one["DeliveryStreamStatus"] == "ACTIVE")
    described_source = found["Source"]["KinesisStreamSourceDescription"]
    assert described_source["KinesisStreamARN"] == stream
    assert abs(described_source["DeliveryStartTimestamp"].timestamp() - time.time()) < 60
    endpoint = found["Destinations"][0]["HttpEndpointDestinationDescription"]["EndpointConfiguration"]
    assert endpoint == {"Url": "https://localhost/collect", "Name": "mine"}, endpoint

with check("lists by type, in pages"):
    listed = firehose.list_delivery_streams(
        DeliveryStreamType="KinesisStreamAsSource", ExclusiveStartDeliveryStreamName=name[:-1], Limit=1
    )
    assert listed["DeliveryStreamNames"] == [name]

with check("puts are refused where a stream is the source, and errors are classes"):
    expect(
        firehose.exceptions.InvalidArgumentException,
        "This operation is not permitted on KinesisStreamAsSource delivery stream type.",
        firehose.put_record,
        DeliveryStreamName=name,
        Record={"Data": b"x"},
    )
    expect(
        firehose.exceptions.ResourceNotFoundException,
        "Firehose none not found under account",
        firehose.put_record_batch,
        DeliveryStreamName="none",
        Records=[{"Data": b"x"}],
    )

with check("puts records, one and many"):
    direct = f"{name}-direct"
    firehose.create_delivery_stream(
        DeliveryStreamName=direct,
        S3DestinationConfiguration={"RoleARN": role, "BucketARN": "arn:aws:s3:::boto3"},
    )
    patient = boto3.client("firehose", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))
    for _ in range(50):
        try:
            one = patient.put_record(DeliveryStreamName=direct, Record={"Data": bytes(range(256))})
            break
        except firehose.exceptions.ResourceNotFoundException:
            time.sleep(0.1)
    many = firehose.put_record_batch(
        DeliveryStreamName=direct, Records=[{"Data": b"%d\n" % index} for index in range(500)]
    )
    assert many["FailedPutCount"] == 0 and many["Encrypted"] is False
    ids = {one["RecordId"]} | {entry["RecordId"] for entry in many["RequestResponses"]}
    assert len(ids) == 501

with check("deletes the delivery streams"):
    for one in (name, direct):
        firehose.delete_delivery_stream(DeliveryStreamName=one)
    kinesis.delete_stream(StreamName=name)
    for _ in range(100):
        left = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName=name[:-1])["DeliveryStreamNames"]
        if name not in left and direct not in left:
            break
        time.sleep(0.3)
    else:
        raise AssertionError(left)

print(f"1..{cases}")
