package io.odradek.core.config.dynamic;

import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.coordination.ClusterPaths;
import io.odradek.protocol.errors.ApiException;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Randoms;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Changes in the tree what brokers are set to while they run, under {@code /config/brokers}: this one, or all of them. */
public final class BrokerConfigWriter {
    private final EntityWriter writer;
    private final LiveBrokerConfig live;
    private final EventLoop loop;
    private final Randoms randoms;

    /**
     * @param live this broker's settings of the tree
     * @param loop the loop that its session with the tree was opened with
     * @param randoms for the encryption of secrets
     */
    public BrokerConfigWriter(LiveBrokerConfig live, EventLoop loop, Randoms randoms) {
        this.writer = new EntityWriter(live.store(), loop);
        this.live = live;
        this.loop = loop;
        this.randoms = randoms;
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
        BrokerConfigAlteration alteration = new BrokerConfigAlteration(live.live(), forAll, change);
        EntityWriter.Change stored = new EntityWriter.Change(
                "brokers/" + entity,
                List.of(),
                null,
                data -> alteration.after(data, randoms),
                () -> live.changed().thenCompose(done -> alteration.lookAgain()),
                false,
                () -> alteration.check(loop));
        return writer.alter(stored, validateOnly);
    }
}
