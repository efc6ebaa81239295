package io.odradek.core.markers;

import io.odradek.core.coordinator.transaction.EndedTransaction;
import io.odradek.core.coordinator.transaction.TransactionCoordinator;
import io.odradek.core.coordinator.transaction.TransactionMarkers;
import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.TopicInfo;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.EventLoop;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Writes the ends of transactions to whichever brokers lead their partitions, this one among them. */
public final class MarkerSender implements TransactionMarkers {
    private static final int NOBODY = -1;

    private final MetadataSource metadata;
    private final IntFunction<MarkerWay> ways;
    private final EventLoop loop;

    /**
     * @param metadata tells who leads
     * @param ways the way to a broker by its id, this one's own without a socket; null while there is none
     * @param loop where time is kept
     */
    public MarkerSender(MetadataSource metadata, IntFunction<MarkerWay> ways, EventLoop loop) {
        this.metadata = metadata;
        this.ways = ways;
        this.loop = loop;
    }

    @Override
    public Writing write(EndedTransaction ended, Consumer<ErrorCode> done) {
        MarkerSending sending = new MarkerSending(this, ended, done);
        sending.start();
        return sending;
    }

    /** {@return whether a partition has been deleted, so that there is nothing left to end in it} */
    boolean isGone(TopicPartition id) {
        MetadataImage image = metadata.image();
        TopicInfo topic = image.topics().get(id.topic());
        if (topic != null) {
            return id.partition() >= topic.partitions().size();
        }
        // Whoever is coordinator of a partition of this topic and does not see the topic knows no topics yet.
        return image.topics().containsKey(TransactionCoordinator.TOPIC);
    }

    /** {@return the way to a partition's leader, null while there is none} */
    MarkerWay wayTo(TopicPartition id) {
        TopicInfo topic = metadata.image().topics().get(id.topic());
        boolean known = topic != null && id.partition() < topic.partitions().size();
        int leader = known ? topic.partitions().get(id.partition()).leader() : NOBODY;
        return leader < 0 ? null : ways.apply(leader);
    }

    void later(long delayMs, Runnable task) {
        loop.post(() -> loop.schedule(delayMs, task));
    }
}
