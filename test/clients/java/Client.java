import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.*;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.waiters.KinesisWaiter;

/** A program of the AWS SDK for Java v2, reported as TAP. Arguments: a label for the cases, the endpoint, what ends the stream's name. */
public final class Client {
  private static String label;
  private static int cases;

  public static void main(String[] args) throws Exception {
    label = args[0];
    URI endpoint = URI.create(args[1]);
    String stream = "java-" + label.replaceAll("[^A-Za-z]+", "-") + "-" + args[2];
    KinesisClient sync = KinesisClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
        .credentialsProvider(EnvironmentVariableCredentialsProvider.create()).build();
    KinesisAsyncClient async = KinesisAsyncClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1)
        .credentialsProvider(EnvironmentVariableCredentialsProvider.create()).build();
    // The waiter asks every ten seconds unless told otherwise.
    KinesisWaiter waiter = KinesisWaiter.builder().client(sync).overrideConfiguration(o -> o.maxAttempts(150)
        .backoffStrategyV2(BackoffStrategy.fixedDelayWithoutJitter(Duration.ofMillis(200)))).build();
    List<String> sent = new ArrayList<>();

    check("sync: creates a stream and waits for it", () -> {
      sync.createStream(r -> r.streamName(stream).shardCount(1));
      waiter.waitUntilStreamExists(r -> r.streamName(stream));
      StreamDescriptionSummary summary =
          sync.describeStreamSummary(r -> r.streamName(stream)).streamDescriptionSummary();
      expect(summary.streamStatus() == StreamStatus.ACTIVE, "it is " + summary.streamStatus());
      Duration age = Duration.between(summary.streamCreationTimestamp(), Instant.now());
      expect(age.abs().compareTo(Duration.ofMinutes(1)) < 0, "its age is " + age);
      return null;
    });
    String shard = sync.listShards(r -> r.streamName(stream)).shards().get(0).shardId();

    check("sync: puts and gets records", () -> {
      PutRecordResponse put = sync.putRecord(
          r -> r.streamName(stream).partitionKey("Schlüssel").data(SdkBytes.fromUtf8String("größer")));
      sent.add("größer");
      String iterator = sync.getShardIterator(r -> r.streamName(stream).shardId(shard)
          .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
          .startingSequenceNumber(put.sequenceNumber())).shardIterator();
      Record record = sync.getRecords(r -> r.shardIterator(iterator)).records().get(0);
      expect(record.data().asUtf8String().equals("größer"), "it reads " + record);
      expect(record.partitionKey().equals("Schlüssel"), "its key is " + record.partitionKey());
      expect(record.sequenceNumber().equals(put.sequenceNumber()), "another sequence number");
      return null;
    });

    check("async: puts and gets records", () -> {
      List<PutRecordsRequestEntry> entries = IntStream.range(0, 500).mapToObj(index -> {
        sent.add("record " + index);
        return PutRecordsRequestEntry.builder().partitionKey("key " + index)
            .data(SdkBytes.fromUtf8String("record " + index)).build();
      }).toList();
      PutRecordsResponse put = async.putRecords(r -> r.streamName(stream).records(entries)).get();
      expect(put.failedRecordCount() == 0, put.failedRecordCount() + " records failed");
      String iterator = async.getShardIterator(r -> r.streamName(stream).shardId(shard)
          .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
          .timestamp(Instant.now().minusSeconds(60))).get().shardIterator();
      GetRecordsResponse got = async.getRecords(r -> r.shardIterator(iterator)).get();
      expect(texts(got.records()).equals(sent), "got " + got.records().size() + " other records");
      expect(got.millisBehindLatest() == 0, "it is behind");
      return null;
    });

    check("errors are the exceptions of the model", () -> {
      fails(ResourceNotFoundException.class,
          () -> sync.describeStreamSummary(r -> r.streamName("java-missing")));
      fails(ResourceInUseException.class, () -> sync.createStream(r -> r.streamName(stream).shardCount(1)));
      fails(InvalidArgumentException.class,
          () -> async.getRecords(r -> r.shardIterator("no iterator")).get());
      StaticCredentialsProvider wrong = StaticCredentialsProvider.create(
          AwsBasicCredentials.create(System.getenv("AWS_ACCESS_KEY_ID"), "not the secret"));
      try (KinesisClient stranger = KinesisClient.builder().endpointOverride(endpoint)
          .region(Region.US_EAST_1).credentialsProvider(wrong).build()) {
        KinesisException refused = fails(KinesisException.class, () -> stranger.listStreams());
        String code = refused.awsErrorDetails().errorCode();
        expect(code.equals("InvalidSignatureException"), "it is " + code);
      }
      return null;
    });

    check("SubscribeToShard: the past, then what is put while it is open", () -> {
      String arn = sync.describeStreamSummary(r -> r.streamName(stream)).streamDescriptionSummary().streamARN();
      String consumer = sync.registerStreamConsumer(r -> r.streamARN(arn).consumerName("subscriber"))
          .consumer().consumerARN();
      while (sync.describeStreamConsumer(r -> r.consumerARN(consumer)).consumerDescription()
          .consumerStatus() != ConsumerStatus.ACTIVE) {
        Thread.sleep(100);
      }
      subscribe(async, stream, shard, consumer, sent);
      return null;
    });

    check("a split closes the parent, which names its children at its end", () -> {
      sync.splitShard(r -> r.streamName(stream).shardToSplit(shard)
          .newStartingHashKey("170141183460469231731687303715884105728"));
      waiter.waitUntilStreamExists(r -> r.streamName(stream));
      String first = sync.getShardIterator(r -> r.streamName(stream).shardId(shard)
          .shardIteratorType(ShardIteratorType.TRIM_HORIZON)).shardIterator();
      GetRecordsResponse page = sync.getRecords(r -> r.shardIterator(first));
      while (page.nextShardIterator() != null) {
        Thread.sleep(250);
        String next = page.nextShardIterator();
        page = sync.getRecords(r -> r.shardIterator(next));
      }
      expect(page.childShards().size() == 2, "its children are " + page.childShards());
      expect(page.childShards().get(0).parentShards().equals(List.of(shard)), "another parent");
      return null;
    });

    check("deletes the stream", () -> {
      sync.deleteStream(r -> r.streamName(stream).enforceConsumerDeletion(true));
      waiter.waitUntilStreamNotExists(r -> r.streamName(stream));
      return null;
    });
    System.out.println("1.." + cases);
    sync.close();
    async.close();
    System.exit(0);
  }

  private static void subscribe(KinesisAsyncClient async, String stream, String shard, String consumer,
      List<String> sent) throws Exception {
    List<String> seen = new ArrayList<>();
    CompletableFuture<Void> answered = new CompletableFuture<>();
    CompletableFuture<Void> complete = new CompletableFuture<>();
    SubscribeToShardResponseHandler handler = SubscribeToShardResponseHandler.builder()
        .onResponse(response -> answered.complete(null))
        .onError(complete::completeExceptionally)
        .subscriber(SubscribeToShardResponseHandler.Visitor.builder().onSubscribeToShardEvent(event -> {
          seen.addAll(texts(event.records()));
          if (seen.size() == sent.size() && !sent.contains("pushed")) {
            sent.add("pushed");
            async.putRecord(
                r -> r.streamName(stream).partitionKey("k").data(SdkBytes.fromUtf8String("pushed")));
          } else if (seen.contains("pushed")) {
            complete.complete(null);
          }
        }).build())
        .build();
    async.subscribeToShard(
        r -> r.consumerARN(consumer).shardId(shard)
            .startingPosition(p -> p.type(ShardIteratorType.TRIM_HORIZON)),
        handler);
    answered.get(30, TimeUnit.SECONDS);
    complete.get(30, TimeUnit.SECONDS);
    expect(seen.equals(sent), "saw " + seen.size() + " other records");
  }

  private static List<String> texts(List<Record> records) {
    return records.stream().map(record -> record.data().asString(StandardCharsets.UTF_8)).toList();
  }

  private static void check(String name, Callable<Void> body) throws Exception {
    cases++;
    try {
      body.call();
    } catch (Throwable error) {
      System.out.println("not ok " + cases + " - " + label + ": " + name);
      error.printStackTrace();
      System.exit(1);
    }
    System.out.println("ok " + cases + " - " + label + ": " + name);
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static <E extends Exception> E fails(Class<E> expected, Callable<?> body) throws Exception {
    try {
      body.call();
    } catch (Exception error) {
      Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
      if (expected.isInstance(cause)) {
        return expected.cast(cause);
      }
      throw error;
    }
    throw new AssertionError("no " + expected.getSimpleName());
  }
}
