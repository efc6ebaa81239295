package io.odradek.storage.log;

import io.odradek.protocol.TopicPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The partitions whose log is not the first of its name, as far as this process has seen it: their topic was deleted and may be
 * created again, or their log was missing and has begun anew. Producers that wrote to the former log go on with their
 * sequences in the new one. Called from any thread.
 */
public final class LostPasts {
    /** A name takes 249 characters at most. */
    private static final int MAX = 10_000;

    private static final int WHOLE_TOPIC = -1;

    private final Set<TopicPartition> lost = new HashSet<>();
    private boolean all;

    /** Partitions are deleted: whatever the topic of that name has next, producers may have written to the former one. */
    public synchronized void deleted(List<TopicPartition> partitions) {
        partitions.forEach(id -> add(new TopicPartition(id.topic(), WHOLE_TOPIC)));
    }

    /** The log of a partition begins anew, as the one that it had is missing. */
    public synchronized void missing(TopicPartition id) {
        add(id);
    }

    /** Beyond the bound every log may have had another one before. */
    private void add(TopicPartition id) {
        if (lost.size() < MAX) {
            lost.add(id);
        } else {
            all |= !lost.contains(id);
        }
    }

    /** {@return whether a partition may have had another log before} */
    synchronized boolean includes(TopicPartition id) {
        return all || lost.contains(id) || lost.contains(new TopicPartition(id.topic(), WHOLE_TOPIC));
    }
}
