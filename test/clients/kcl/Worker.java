import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A worker of the KCL that appends what happens to it to a file, one line an event: the time in milliseconds, then "init SHARD",
 * "record SHARD SEQUENCE TEXT", "ended SHARD", "lost SHARD" or "stopped true". It checkpoints after each batch, and stops gracefully on SIGTERM.
 *
 * <p>Arguments: polling|fan-out, stream (also the application's name), worker, Kinesis, DynamoDB, file.
 *
 * <p>The intervals are short so that a run takes seconds where the defaults take minutes.
 */
public final class Worker {
  private static Path events;

  public static void main(String[] args) throws Exception {
    boolean polling = args[0].equals("polling");
    String stream = args[1];
    String worker = args[2];
    events = Path.of(args[5]);
    var credentials = EnvironmentVariableCredentialsProvider.create();
    KinesisAsyncClient kinesis = KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder()
        .endpointOverride(URI.create(args[3])).region(Region.US_EAST_1).credentialsProvider(credentials));
    DynamoDbAsyncClient dynamo = DynamoDbAsyncClient.builder()
        .endpointOverride(URI.create(args[4])).region(Region.US_EAST_1).credentialsProvider(credentials).build();
    CloudWatchAsyncClient nowhere = CloudWatchAsyncClient.builder().region(Region.US_EAST_1)
        .endpointOverride(URI.create("http://127.0.0.1:9")).credentialsProvider(credentials).build();

    var start = InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);
    var configs = new ConfigsBuilder(new SingleStreamTracker(stream, start), stream, kinesis, dynamo, nowhere, worker, Processor::new);
    var coordinator = configs.coordinatorConfig().parentShardPollIntervalMillis(500)
        .shardConsumerDispatchPollIntervalMillis(200).schedulerInitializationBackoffTimeMillis(200);
    var leases = configs.leaseManagementConfig().initialPositionInStream(start)
        .leaseAssignmentIntervalMillis(1000L).failoverTimeMillis(2000).shardSyncIntervalMillis(1000)
        .leasesRecoveryAuditorExecutionFrequencyMillis(2000);
    leases.workerUtilizationAwareAssignmentConfig().workerMetricsReporterFreqInMillis(1000L)
        .inMemoryWorkerMetricsCaptureFrequencyMillis(500L);
    var metrics = configs.metricsConfig().metricsLevel(MetricsLevel.NONE).metricsFactory(new NullMetricsFactory());
    var retrieval = configs.retrievalConfig()
        .retrievalSpecificConfig(polling
            ? new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250)
            : new FanOutConfig(kinesis).streamName(stream).applicationName(stream).consumerName(stream));

    var scheduler = new Scheduler(configs.checkpointConfig(), coordinator, leases, configs.lifecycleConfig(),
        metrics, configs.processorConfig(), retrieval);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        boolean graceful = scheduler.startGracefulShutdown().get(20, TimeUnit.SECONDS);
        write("stopped " + graceful);
      } catch (Exception error) {
        error.printStackTrace();
      }
    }));
    scheduler.run();
  }

  private static synchronized void write(String event) {
    try {
      Files.writeString(events, System.currentTimeMillis() + " " + event + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static final class Processor implements ShardRecordProcessor {
    private String shard;

    @Override
    public void initialize(InitializationInput input) {
      shard = input.shardId();
      write("init " + shard);
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
      for (KinesisClientRecord record : input.records()) {
        byte[] data = new byte[record.data().remaining()];
        record.data().get(data);
        write("record " + shard + " " + record.sequenceNumber() + " " + new String(data));
      }
      if (!input.records().isEmpty()) {
        checkpoint(input.checkpointer());
      }
    }

    @Override
    public void leaseLost(LeaseLostInput input) {
      write("lost " + shard);
    }

    @Override
    public void shardEnded(ShardEndedInput input) {
      write("ended " + shard);
      checkpoint(input.checkpointer());
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      checkpoint(input.checkpointer());
    }

    private void checkpoint(RecordProcessorCheckpointer checkpointer) {
      try {
        checkpointer.checkpoint();
      } catch (ShutdownException lost) {
        // Another worker has the lease already, and its checkpoint counts.
      } catch (InvalidStateException error) {
        throw new IllegalStateException(error);
      }
    }
  }
}
