package io.odradek.server.lag;

import io.odradek.core.controller.TopicNames;
import io.odradek.server.Broker;
import io.odradek.server.inspect.ConsumerGroup;
import io.odradek.server.inspect.GroupPosition;
import io.odradek.server.inspect.InspectionException;
import io.odradek.server.inspect.Inspector;
import io.odradek.storage.env.Guests;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the lag of the groups that a broker coordinates again and again, on a thread of its own, and shows it as meters. It
 * asks the other brokers of the partitions that they lead.
 */
public final class LagWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Broker broker;
    private final LagMeters shown;
    private final int mostShown;
    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;
    private Inspector inspector;
    private Lags lags;
    private boolean toldOfMost;

    private LagWatch(Broker broker, Guests guests, int mostShown) {
        this.broker = broker;
        this.mostShown = mostShown;
        shown = new LagMeters(guests.meters(), guests.clock());
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            thread = new Thread(task, "odradek-lag");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to measure.
     *
     * @param broker serves
     * @param guests has the clock, and the meters that it is shown by
     * @param everyMs how long it rests in between
     * @param mostShown of how many partitions of groups it is shown at most
     */
    public static LagWatch start(Broker broker, Guests guests, long everyMs, int mostShown) {
        LagWatch watch = new LagWatch(broker, guests, mostShown);
        watch.executor.scheduleWithFixedDelay(watch::measure, everyMs, everyMs, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** An exception here would end all measuring. */
    private void measure() {
        try {
            if (inspector == null) {
                if (!broker.metadata().topics().containsKey(TopicNames.OFFSETS)) {
                    // Nothing is loaded for groups that there are not.
                    return;
                }
                inspector = new Inspector(broker.cluster(), PATIENCE);
                lags = new Lags(inspector);
            }
            Map<LagMeters.Place, PartitionLag> measured = new LinkedHashMap<>();
            for (ConsumerGroup group : inspector.groupsOf(broker.brokerId())) {
                for (GroupPosition position : group.positions()) {
                    if (position.endOffset() >= 0 && measured.size() < mostShown) {
                        measured.put(
                                new LagMeters.Place(group.id(), position.topic(), position.partition()),
                                lags.of(position));
                    }
                }
            }
            shown.show(measured);
            tellOfMost(measured.size());
        } catch (InspectionException notNow) {
            LOG.debug("The lag of groups could not be measured", notNow);
        } catch (RuntimeException broken) {
            LOG.error("The lag of groups cannot be measured", broken);
        }
    }

    private void tellOfMost(int count) {
        if (count >= mostShown && !toldOfMost) {
            toldOfMost = true;
            LOG.warn(
                    "The lag of groups is shown for {} partitions and for no more; odradek.lag.max.partitions allows others",
                    count);
        }
    }

    /** Ends its thread, and shows nothing any more. */
    @Override
    public void close() {
        executor.shutdownNow();
        Thread last = thread;
        if (last != null) {
            try {
                last.join(PATIENCE.toMillis());
            } catch (InterruptedException notNow) {
                Thread.currentThread().interrupt();
            }
        }
        shown.close();
    }
}
