package io.odradek.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A broker's configuration as it is now: the one owner of what its file and the tree say together. It is replaced as a whole;
 * whoever holds something made of it registers, and is told. To read it is one volatile read.
 */
public final class LiveConfig implements Supplier<Map<String, String>> {
    private final List<Room> rooms = new ArrayList<>();
    private final BrokerLoggers loggers;
    private volatile BrokerConfig current;
    private volatile ListenerGuard guard;

    /** Holds something that is made of settings which may change. */
    public interface Room {
        /**
         * Takes changed settings over. On the cluster loop, which it must not hold up; one change at a time.
         *
         * @return completes when they are in effect
         */
        CompletionStage<Void> changed(BrokerConfig before, BrokerConfig now);
    }

    /** @param atStart what the broker was started with, before anybody has read the tree */
    public LiveConfig(BrokerConfig atStart) {
        this(atStart, null);
    }

    /** As the other, with loggers whose levels change; null for none. */
    public LiveConfig(BrokerConfig atStart, BrokerLoggers loggers) {
        current = atStart;
        this.loggers = loggers;
    }

    /** {@return the loggers whose levels change while the broker runs} */
    public BrokerLoggers loggers() {
        return loggers == null ? BrokerLoggers.NONE : loggers;
    }

    /** {@return who knows what can be served at listeners that are guarded, null where none are} */
    public ListenerGuard guard() {
        return guard;
    }

    /** Says who knows what can be served at listeners that are guarded. */
    public void guardedBy(ListenerGuard ofListeners) {
        guard = ofListeners;
    }

    /** {@return what holds now} */
    public BrokerConfig current() {
        return current;
    }

    /** {@return the values that are set, by name: what logs take their defaults from} They do not change any more. */
    @Override
    public Map<String, String> get() {
        return current.given();
    }

    /** Has a room told of changes from now on. */
    public void tell(Room room) {
        synchronized (rooms) {
            rooms.add(room);
        }
    }

    /**
     * Takes over what is set now. On the cluster loop.
     *
     * @return completes when all rooms have done what follows from it
     */
    public CompletionStage<Void> take(BrokerConfig now) {
        BrokerConfig before = current;
        current = now;
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        if (before.given().equals(now.given())) {
            return all;
        }
        List<Room> told;
        synchronized (rooms) {
            told = List.copyOf(rooms);
        }
        for (Room room : told) {
            all = all.thenCombine(taken(room, before, now), (done, more) -> null);
        }
        return all;
    }

    /** One that cannot does not keep the others from it. */
    private static CompletionStage<Void> taken(Room room, BrokerConfig before, BrokerConfig now) {
        try {
            return room.changed(before, now);
        } catch (RuntimeException refused) {
            return CompletableFuture.failedStage(refused);
        }
    }
}
