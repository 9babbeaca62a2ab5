import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.OriginalType;
import org.apache.parquet.schema.Type;

/** Prints the rows of Parquet files as Apache's own reader sees them, in the notation of read_rows.py. */
// The older names of types are what files of every version are asked for by.
@SuppressWarnings("deprecation")
public final class ReadRows {
  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

  public static void main(String[] files) throws Exception {
    var out = new java.io.PrintStream(System.out, false, StandardCharsets.UTF_8);
    for (String file : files) {
      var path = new Path(file);
      int groups;
      try (var reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
        groups = reader.getRowGroups().size();
      }
      var rows = new StringJoiner(",");
      try (var reader = ParquetReader.builder(new GroupReadSupport(), path).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) rows.add(struct(row));
      }
      out.println("{\"groups\":" + groups + ",\"rows\":[" + rows + "]}");
    }
    out.flush();
  }

  private static String struct(Group group) {
    var members = new StringJoiner(",", "{", "}");
    GroupType type = group.getType();
    for (int field = 0; field < type.getFieldCount(); field++) members.add(text(type.getFieldName(field)) + ":" + field(group, field));
    return members.toString();
  }

  private static String field(Group group, int field) {
    if (group.getFieldRepetitionCount(field) == 0) return "null";
    Type type = group.getType().getType(field);
    if (type.isPrimitive()) return primitive(group, field, type);
    Group value = group.getGroup(field, 0);
    if (type.getOriginalType() != OriginalType.LIST && type.getOriginalType() != OriginalType.MAP) return struct(value);
    var items = new StringJoiner(",", "[", "]");
    for (int index = 0; index < value.getFieldRepetitionCount(0); index++) {
      Group item = value.getGroup(0, index);
      items.add(type.getOriginalType() == OriginalType.LIST ? field(item, 0) : "[" + field(item, 0) + "," + field(item, 1) + "]");
    }
    return items.toString();
  }

  private static String primitive(Group group, int field, Type type) {
    OriginalType original = type.getOriginalType();
    switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN:
        return String.valueOf(group.getBoolean(field, 0));
      case INT32:
        int number = group.getInteger(field, 0);
        return text(original == OriginalType.DATE ? LocalDate.ofEpochDay(number).toString() : String.valueOf(number));
      case INT64:
        return text(String.valueOf(group.getLong(field, 0)));
      case FLOAT:
        return String.valueOf((double) group.getFloat(field, 0));
      case DOUBLE:
        return String.valueOf(group.getDouble(field, 0));
      case INT96:
        ByteBuffer bytes = group.getInt96(field, 0).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long nanos = bytes.getLong();
        LocalDateTime day = LocalDate.ofEpochDay(bytes.getInt() - 2_440_588L).atStartOfDay();
        LocalDateTime moment = day.plusNanos(nanos);
        return text(moment.format(MOMENT) + String.format("%09d", moment.getNano()));
      default:
        byte[] value = group.getBinary(field, 0).getBytes();
        if (original == OriginalType.UTF8) return text(new String(value, StandardCharsets.UTF_8));
        if (original != OriginalType.DECIMAL) return text(HexFormat.of().formatHex(value));
        return text(new BigDecimal(new BigInteger(value), type.asPrimitiveType().getDecimalMetadata().getScale()).toPlainString());
    }
  }

  private static String text(String value) {
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
