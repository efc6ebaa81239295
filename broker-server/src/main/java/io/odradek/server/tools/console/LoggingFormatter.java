package io.odradek.server.tools.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.MessageFormatter;
import org.apache.kafka.common.record.TimestampType;

/** As the default formatter, and a line with a name before each part on standard error, which is where this tool logs. */
final class LoggingFormatter implements MessageFormatter {
    private final DefaultFormatter written = new DefaultFormatter();

    @Override
    public void configure(Map<String, ?> settings) {
        written.configure(settings);
    }

    @Override
    public void writeTo(ConsumerRecord<byte[], byte[]> record, PrintStream out) {
        written.writeTo(record, out);
        String time = record.timestampType() == TimestampType.NO_TIMESTAMP_TYPE
                ? ""
                : record.timestampType() + ":" + record.timestamp() + ", ";
        System.err.println(time + "key:" + text(record.key()) + ", value:" + text(record.value()));
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }

    @Override
    public void close() {
        written.close();
    }
}
