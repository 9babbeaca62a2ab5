import com.google.common.util.concurrent.ListenableFuture;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * A producer on the KPL. It sends a warm-up record, since what is sent before the KPL knows the shards is not aggregated, then COUNT
 * records in one go, and prints a line for each: its shard, the sequence number it was acknowledged with, its partition key.
 *
 * <p>Arguments: stream, port, the authority (PEM), a folder for the native daemon, COUNT.
 */
public final class Producer {
  public static void main(String[] args) throws Exception {
    String stream = args[0];
    long port = Long.parseLong(args[1]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    KinesisProducer producer = new KinesisProducer(new KinesisProducerConfiguration()
        .setRegion("us-east-1").setCredentialsProvider(EnvironmentVariableCredentialsProvider.create())
        .setKinesisEndpoint("localhost").setKinesisPort(port)
        .setStsEndpoint("localhost").setStsPort(port)
        .setCloudwatchEndpoint("localhost").setCloudwatchPort(9).setMetricsLevel("none")
        .setCaCertFile(args[2]).setTempDirectory(args[3])
        .setRecordMaxBufferedTime(500));
    print(out, "warm-up", send(producer, stream, "warm-up", "warm-up").get(60, TimeUnit.SECONDS));
    Thread.sleep(1500);
    int count = Integer.parseInt(args[4]);
    List<ListenableFuture<UserRecordResult>> sent = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      sent.add(send(producer, stream, "key-" + index, "größe " + index));
    }
    producer.flush();
    for (int index = 0; index < count; index++) {
      print(out, "key-" + index, sent.get(index).get(60, TimeUnit.SECONDS));
    }
    producer.flushSync();
    producer.destroy();
    System.exit(0);
  }

  private static ListenableFuture<UserRecordResult> send(
      KinesisProducer producer, String stream, String key, String text) {
    return producer.addUserRecord(stream, key, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void print(PrintStream out, String key, UserRecordResult result) {
    if (!result.isSuccessful()) {
      throw new IllegalStateException(key + " failed: " + result.getAttempts());
    }
    out.println(result.getShardId() + " " + result.getSequenceNumber() + " " + key);
  }
}
