package io.odradek.server.inspect;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.api.FetchRequest.ReplicaState;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.wire.Uuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows a topic from its start as a read_committed consumer does, and waits for more where the broker parks its fetch. The
 * topic need not be there yet; one that is created anew is read from its start. For one thread.
 */
public final class TopicFollower {
    private static final int FETCH_VERSION = 12;
    private static final long LOOK_AGAIN_NS = 2_000_000;
    private static final int LONGEST_WAIT_MS = 1_000;
    /** One leader's news must not wait for another's. */
    private static final int LONGEST_WAIT_AMONG_LEADERS_MS = 50;

    private final Questions questions;
    private final Inspector inspector;
    private final String topic;
    private final SortedMap<Integer, Long> next = new TreeMap<>();
    private final SortedMap<Integer, List<StoredRecord>> seen = new TreeMap<>();
    private Uuid id = Uuid.ZERO;

    TopicFollower(Questions questions, Inspector inspector, String topic) {
        this.questions = questions;
        this.inspector = inspector;
        this.topic = topic;
    }

    /** Reads what is there now. {@return all records seen so far, by partition and offset} */
    public List<StoredRecord> read() {
        MetadataImage.TopicInfo info = questions.image().topics().get(topic);
        if (info == null || !info.id().equals(id)) {
            next.clear();
            seen.clear();
            id = info == null ? Uuid.ZERO : info.id();
        }
        int partitions = info == null ? 0 : info.partitions().size();
        for (int partition = 0; partition < partitions; partition++) {
            try {
                read(partition);
            } catch (InspectionException gone) {
                if (gone.error() == ErrorCode.MESSAGE_TOO_LARGE) {
                    throw gone;
                }
                // It is being deleted, or has no leader now: what there is will be found the next time.
                next.remove(partition);
                seen.remove(partition);
            }
        }
        List<StoredRecord> all = new ArrayList<>();
        seen.values().forEach(all::addAll);
        return all;
    }

    private void read(int partition) {
        Long from = next.get(partition);
        if (from == null) {
            from = Math.max(
                    0, inspector.topic(topic).partitions().get(partition).span().start());
        }
        RecordPage page = inspector.readStable(topic, partition, from, Integer.MAX_VALUE, Long.MAX_VALUE);
        List<StoredRecord> records = seen.computeIfAbsent(partition, index -> new ArrayList<>());
        for (StoredRecord record : page.records()) {
            if (record.isCommitted()) {
                records.add(record);
            }
        }
        next.put(partition, page.nextOffset());
    }

    /** Waits until there may be more, for so long at most. */
    public void await(Duration atMost) {
        SortedMap<Integer, List<FetchPartition>> byLeader = new TreeMap<>();
        MetadataImage.TopicInfo info = questions.image().topics().get(topic);
        if (info != null && info.id().equals(id)) {
            next.forEach((partition, offset) -> {
                int leader = info.partitions().get(partition).leader();
                if (questions.ids().contains(leader)) {
                    byLeader.computeIfAbsent(leader, any -> new ArrayList<>())
                            .add(new FetchPartition(partition, -1, offset, -1, -1, 1, Uuid.ZERO));
                }
            });
        }
        if (byLeader.isEmpty()) {
            LockSupport.parkNanos(Math.min(LOOK_AGAIN_NS, atMost.toNanos()));
            return;
        }
        int longestMs = byLeader.size() == 1 ? LONGEST_WAIT_MS : LONGEST_WAIT_AMONG_LEADERS_MS;
        int waitMs = (int) Math.max(1, Math.min(longestMs, atMost.toMillis()));
        byLeader.forEach((leader, partitions) -> {
            try {
                questions.ask(leader, ApiKey.FETCH, FETCH_VERSION, fetch(waitMs, partitions), FetchResponse.class);
            } catch (InspectionException down) {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
        });
    }

    private FetchRequest fetch(int waitMs, List<FetchPartition> partitions) {
        return new FetchRequest(
                null,
                -1,
                new ReplicaState(-1, -1),
                waitMs,
                1,
                1,
                (byte) 1,
                0,
                -1,
                List.of(new FetchTopic(topic, Uuid.ZERO, partitions)),
                List.of(),
                "");
    }
}
