package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.EventLoop;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Changes in the tree what brokers are set to while they run, under {@code /config/brokers}: this one, or all of them. */
public final class BrokerConfigWriter {
    private final EntityWriter writer;
    private final LiveBrokerConfig live;

    /**
     * @param live this broker's settings of the tree
     * @param loop the loop that its session with the tree was opened with
     */
    public BrokerConfigWriter(LiveBrokerConfig live, EventLoop loop) {
        this.writer = new EntityWriter(live.store(), loop);
        this.live = live;
    }

    /** {@return this broker's loggers, whose levels are in no tree} */
    public BrokerLoggers loggers() {
        return live.live().loggers();
    }

    /**
     * Changes settings, all or nothing. May be called from any thread.
     *
     * @param forAll whether of all brokers, or of this one
     * @param validateOnly whether nothing is to be stored
     * @return completes on the loop when the change is stored and in effect on this broker; fails with an
     *     {@link ApiException}: INVALID_REQUEST, INVALID_CONFIG, POLICY_VIOLATION if it is too large to be stored,
     *     REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR
     */
    public CompletionStage<Void> alter(boolean forAll, TopicConfigChange change, boolean validateOnly) {
        String entity = forAll ? ClusterPaths.DEFAULT_ENTITY : Integer.toString(live.brokerId());
        EntityWriter.Change stored = new EntityWriter.Change(
                "brokers/" + entity,
                List.of(),
                null,
                data -> new BrokerConfigRules(live.live().current(), forAll).after(decode(data), change),
                live::changed);
        return writer.alter(stored, validateOnly);
    }

    /** What cannot be read is in nobody's way: it is passed over as it is, and the change puts something else in its place. */
    private static SortedMap<String, String> decode(byte[] data) {
        try {
            return UsableSettings.decode(data);
        } catch (IllegalArgumentException unreadable) {
            return new TreeMap<>();
        }
    }
}
