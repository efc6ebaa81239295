package io.odradek.core.replication;

import io.odradek.protocol.TopicPartition;
import io.odradek.storage.env.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far the partitions that this broker copies lag behind what is committed on their leaders, in records: {@code
 * fetcher.lag}, as long as one is copied, and the largest of all, {@code fetcher.lag.max}. Written on the fetchers' loop, read on any
 * thread.
 */
final class FetcherLags {
    private final Meters meters;
    private final Map<TopicPartition, Lag> lags = new ConcurrentHashMap<>();

    FetcherLags(Meters meters) {
        this.meters = meters;
        if (meters.kept()) {
            meters.gauge("fetcher.lag.max", () -> {
                long most = 0;
                for (Lag lag : lags.values()) {
                    most = Math.max(most, lag.records);
                }
                return most;
            });
        }
    }

    /** The lag of one partition. */
    private static final class Lag {
        private volatile long records;
        private long highWatermark = -1;
        private Meters.Gauge gauge;
    }

    /** {@return the name of a fetcher, as Kafka has it} */
    static String fetcher(int leader, int number) {
        return "ReplicaFetcherThread-" + number + "-" + leader;
    }

    /** A partition is copied by a fetcher. */
    void begin(TopicPartition id, String fetcher) {
        if (meters.kept()) {
            end(id);
            Lag lag = new Lag();
            lag.gauge = meters.gauge(
                    "fetcher.lag",
                    () -> lag.records,
                    "fetcher",
                    fetcher,
                    "topic",
                    id.topic(),
                    "partition",
                    Integer.toString(id.partition()));
            lags.put(id, lag);
        }
    }

    /** It is copied no more. */
    void end(TopicPartition id) {
        Lag lag = lags.remove(id);
        if (lag != null) {
            lag.gauge.close();
        }
    }

    /** The leader has told what is committed. */
    void committed(TopicPartition id, long highWatermark) {
        Lag lag = lags.get(id);
        if (lag != null) {
            lag.highWatermark = highWatermark;
        }
    }

    /** The copy ends there now. */
    void reached(TopicPartition id, long endOffset) {
        Lag lag = lags.get(id);
        if (lag != null) {
            lag.records = Math.max(0, lag.highWatermark - endOffset);
        }
    }
}
