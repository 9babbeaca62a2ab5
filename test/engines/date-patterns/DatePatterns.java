import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Reads lines of instant in milliseconds, zone and pattern, separated by tabs; answers each with what Java prints, or why it refuses. */
public class DatePatterns {
  public static void main(String[] arguments) throws Exception {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var answers = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String line; (line = lines.readLine()) != null; ) {
      var members = line.split("\t", 3);
      answers.println(answer(Long.parseLong(members[0]), members[1], members[2]));
    }
    answers.flush();
  }

  private static String answer(long timeMs, String zone, String pattern) {
    DateTimeFormatter formatter;
    try {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.US);
    } catch (IllegalArgumentException refusal) {
      return "refused\t" + refusal.getMessage();
    } catch (ClassCastException mistake) {
      // Java 17 stumbles over a padded number before another number.
      return "failed\t" + mistake.getMessage();
    }
    try {
      return "printed\t" + formatter.format(Instant.ofEpochMilli(timeMs).atZone(ZoneId.of(zone)));
    } catch (DateTimeException | IndexOutOfBoundsException failure) {
      return "failed\t" + failure.getMessage();
    }
  }
}
