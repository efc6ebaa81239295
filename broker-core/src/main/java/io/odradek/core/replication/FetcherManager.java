package io.odradek.core.replication;

import io.odradek.core.partition.FollowerLog.Position;
import io.odradek.core.partition.ReplicaRole.Following;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.wire.Uuid;
import io.odradek.storage.env.EventLoop;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The fetchers of a broker, {@code num.replica.fetchers} for each leader that it follows. A partition's fetcher is given by
 * its leader and its name. A fetcher that has nothing to copy any more is ended. Called from any thread; lives on the
 * fetchers' loop.
 */
final class FetcherManager {
    private final FetcherOpener opener;
    private final int fetchersPerLeader;
    private final EventLoop loop;
    private final SortedMap<Key, ReplicaFetcher> fetchers = new TreeMap<>();
    private final SortedMap<TopicPartition, Key> homes = new TreeMap<>();
    private boolean closed;

    /** Makes fetchers. */
    interface FetcherOpener {
        ReplicaFetcher open(int leader, int number);
    }

    private record Key(int leader, int number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return leader != other.leader
                    ? Integer.compare(leader, other.leader)
                    : Integer.compare(number, other.number);
        }
    }

    FetcherManager(FetcherOpener opener, int fetchersPerLeader, EventLoop loop) {
        this.opener = opener;
        this.fetchersPerLeader = fetchersPerLeader;
        this.loop = loop;
    }

    void follow(TopicPartition id, Uuid topicId, Following role, Position from) {
        loop.post(() -> {
            if (!closed) {
                Key key = new Key(role.leader(), number(id));
                if (!key.equals(homes.get(id))) {
                    leave(id);
                }
                homes.put(id, key);
                fetchers.computeIfAbsent(key, any -> opener.open(key.leader(), key.number()))
                        .add(new Copy(id, topicId, role.leaderEpoch(), from));
            }
        });
    }

    void unfollow(TopicPartition id) {
        loop.post(() -> leave(id));
    }

    private void leave(TopicPartition id) {
        Key key = homes.remove(id);
        ReplicaFetcher fetcher = key == null ? null : fetchers.get(key);
        if (fetcher != null) {
            fetcher.remove(id);
            if (fetcher.isEmpty()) {
                fetchers.remove(key);
                fetcher.close();
            }
        }
    }

    /** Spreads the partitions of a topic as well as topics. */
    private int number(TopicPartition id) {
        return Math.floorMod(31 * id.topic().hashCode() + id.partition(), fetchersPerLeader);
    }

    /** Ends all fetchers. {@return completes when they have ended} */
    CompletionStage<Void> end() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        loop.post(() -> {
            closed = true;
            fetchers.values().forEach(ReplicaFetcher::close);
            fetchers.clear();
            homes.clear();
            ended.complete(null);
        });
        return ended;
    }
}
