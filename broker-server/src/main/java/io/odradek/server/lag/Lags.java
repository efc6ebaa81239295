package io.odradek.server.lag;

import io.odradek.server.inspect.GroupPosition;
import io.odradek.server.inspect.Inspector;

/** Tells how far groups are behind. It asks the broker, and blocks while it does. Thread-safe. */
public final class Lags {
    private static final int MOST_REMEMBERED = 10_000;

    private final FirstUncommitted first;

    /** @param inspector asks the broker */
    public Lags(Inspector inspector) {
        first = new FirstUncommitted(inspector, MOST_REMEMBERED);
    }

    /** {@return how far a group is behind} @param position where it stands */
    public PartitionLag of(GroupPosition position) {
        if (position.endOffset() < 0) {
            return PartitionLag.UNKNOWN;
        }
        return position.lag() == 0
                ? PartitionLag.NONE
                : new PartitionLag(
                        position.lag(), first.timeMs(position.topic(), position.partition(), position.offset()));
    }
}
