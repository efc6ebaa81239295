import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Counts the words of a topic with Kafka Streams, exactly once: every word makes one record with its count so far. Arguments:
 * the servers, the application's id, the folder of its state, how many replicas its own topics have, the topic of lines, the
 * topic of counts.
 */
public final class WordCount {
    private WordCount() {}

    public static void main(String[] arguments) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "bootstrap.servers", arguments[0],
                "application.id", arguments[1],
                "state.dir", arguments[2],
                "replication.factor", arguments[3],
                "processing.guarantee", "exactly_once_v2",
                "num.stream.threads", "2",
                "statestore.cache.max.bytes", "0",
                "consumer.session.timeout.ms", "10000",
                "reconnect.backoff.max.ms", "200"));
        StreamsBuilder words = new StreamsBuilder();
        words.stream(arguments[4], Consumed.with(Serdes.ByteArray(), Serdes.String()))
                .flatMapValues(line -> Arrays.asList(line.split(" ")))
                .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
                .count()
                .toStream()
                .to(arguments[5], Produced.with(Serdes.String(), Serdes.Long()));
        KafkaStreams streams = new KafkaStreams(words.build(), settings);
        streams.setUncaughtExceptionHandler(failure -> {
            System.out.println("a thread is replaced: " + failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.setStateListener((now, before) -> System.out.println(before + " -> " + now));
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }
}
