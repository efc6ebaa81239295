package io.odradek.core.controller;

import io.odradek.core.coordination.ClusterPaths;
import io.odradek.core.coordination.node.BrokerNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * How brokers differ from what was known of them.
 *
 * @param now those that are registered; whoever has come back as another is missing until its going is seen to
 * @param gone those who have gone, or come back as others
 * @param come those who were not there before
 * @param again whether there is more to see to afterwards
 * @param different whether anything is different
 */
record BrokerNews(
        SortedMap<Integer, LiveBroker> now,
        SortedSet<Integer> gone,
        SortedSet<Integer> come,
        boolean again,
        boolean different) {
    /**
     * {@return the difference} A broker that has come back so fast that nobody saw it go may have lost what it had not
     * forced: it is seen to as one that has gone, and after that as one that has come.
     */
    static BrokerNews of(Brokers before, SortedMap<Integer, LiveBroker> read) {
        SortedMap<Integer, LiveBroker> now = before.withoutOthers(read);
        SortedSet<Integer> gone = new TreeSet<>(before.live().keySet());
        gone.removeAll(now.keySet());
        SortedSet<Integer> come = new TreeSet<>(now.keySet());
        come.removeAll(before.live().keySet());
        return new BrokerNews(now, gone, come, now.size() < read.size(), !now.equals(before.live()));
    }

    /** {@return the brokers that are registered} */
    static CompletionStage<SortedMap<Integer, LiveBroker>> read(FencedStore store) {
        return store.reads().children(ClusterPaths.BROKER_IDS).thenCompose(names -> {
            SortedMap<Integer, LiveBroker> live = new TreeMap<>();
            List<CompletionStage<Void>> reads = new ArrayList<>();
            for (String name : names) {
                String path = ClusterPaths.BROKER_IDS + "/" + name;
                reads.add(FencedStore.optional(store.reads().get(path)).thenAccept(node -> {
                    try {
                        if (node != null) {
                            BrokerNode broker = BrokerNode.decode(node.data());
                            live.put(Integer.valueOf(name), new LiveBroker(broker, node.creation()));
                        }
                    } catch (IllegalArgumentException e) {
                        store.leaveOut(path, e);
                    }
                }));
            }
            return Stages.all(reads).thenApply(done -> live);
        });
    }
}
