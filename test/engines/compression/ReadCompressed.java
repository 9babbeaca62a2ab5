import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.SnappyCodec;
import org.xerial.snappy.SnappyInputStream;

/** Prints for each FORMAT FILE the SHA-256 and the length of what is in it, as Java's, Hadoop's and snappy-java's own streams read it. */
public final class ReadCompressed {
  public static void main(String[] arguments) throws Exception {
    for (int at = 0; at < arguments.length; at += 2) {
      byte[] content;
      try (InputStream in = open(arguments[at], Files.newInputStream(Path.of(arguments[at + 1])))) {
        content = in.readAllBytes();
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      System.out.println(HexFormat.of().formatHex(digest) + " " + content.length);
    }
  }

  private static InputStream open(String format, InputStream file) throws Exception {
    switch (format) {
      case "GZIP":
        return new GZIPInputStream(file);
      case "ZIP":
        ZipInputStream zip = new ZipInputStream(file);
        zip.getNextEntry();
        return zip;
      case "Snappy":
        return new SnappyInputStream(file);
      default:
        SnappyCodec codec = new SnappyCodec();
        codec.setConf(new Configuration());
        return codec.createInputStream(file);
    }
  }
}
