package io.odradek.core.request;

import io.odradek.core.fetch.FetchWish;
import io.odradek.protocol.TopicPartition;

/**
 * One partition of a fetch.
 *
 * @param wish what is asked of it
 * @param id its name
 */
record FetchItem(FetchWish wish, TopicPartition id) {
    /** Stands for a partition whose topic's identifier nobody knows. */
    static final FetchItem UNKNOWN_TOPIC_ID = new FetchItem(null, null);

    /** Stands for a partition of a topic that may not be read. */
    static final FetchItem REFUSED = new FetchItem(null, null);

    /** Stands for a partition that nobody knows. */
    static final FetchItem UNKNOWN = new FetchItem(null, null);

    /** {@return the same from a later offset on, and with no less than so many bytes} */
    FetchItem readFurther(long offset, int atLeastBytes) {
        return new FetchItem(wish.readFurther(offset, atLeastBytes), id);
    }
}
