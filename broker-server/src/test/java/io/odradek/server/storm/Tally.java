package io.odradek.server.storm;

import io.odradek.core.request.SupportedApis;
import io.odradek.core.request.SupportedApis.Range;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.errors.ErrorCode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was sent for each API, and what came back. Thread-safe. */
final class Tally {
    /** A broker alone refuses them. */
    private static final Set<ApiKey> FOR_BROKERS = EnumSet.of(
            ApiKey.LEADER_AND_ISR,
            ApiKey.STOP_REPLICA,
            ApiKey.UPDATE_METADATA,
            ApiKey.CONTROLLED_SHUTDOWN,
            ApiKey.ALTER_PARTITION,
            ApiKey.ALLOCATE_PRODUCER_IDS);

    /** Those of which nothing comes at a broker to which nobody logs in, and which has no authorizer. */
    private static final Set<ApiKey> OF_GUARDED_BROKERS = EnumSet.of(
            ApiKey.SASL_HANDSHAKE,
            ApiKey.SASL_AUTHENTICATE,
            ApiKey.DESCRIBE_ACLS,
            ApiKey.CREATE_ACLS,
            ApiKey.DELETE_ACLS,
            ApiKey.CREATE_DELEGATION_TOKEN,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_DELEGATION_TOKEN);

    /** Whoever sends one is hung up on. */
    private static final Set<ApiKey> UNANSWERED = EnumSet.of(ApiKey.ENVELOPE);

    /** Only the producer of a transaction that is open has success with them, and what is random is never that producer. */
    private static final Set<ApiKey> OF_A_TRANSACTION = EnumSet.of(
            ApiKey.ADD_PARTITIONS_TO_TXN,
            ApiKey.ADD_OFFSETS_TO_TXN,
            ApiKey.TXN_OFFSET_COMMIT,
            ApiKey.END_TXN,
            ApiKey.WRITE_TXN_MARKERS,
            ApiKey.DESCRIBE_TRANSACTIONS);

    private static final int MOST_FAULTS = 40;
    private static final int LARGE_BYTES = 64 << 10;
    private static final int MOST_LOOKED_AT = 200;

    private final Map<ApiKey, Row> rows = new EnumMap<>(ApiKey.class);
    private final List<String> faults = new ArrayList<>();
    private final Map<Integer, Dropped> dropped = new TreeMap<>();

    /** A sound request that was met by the end of its connection. */
    record Dropped(String what, int bytes) {}

    private static final class Row {
        private int sound;
        private int broken;
        private int answered;
        private int closed;
        private int late;
        private final Set<Short> versions = new TreeSet<>();
        private final Map<ErrorCode, Integer> errors = new EnumMap<>(ErrorCode.class);
    }

    private Row row(ApiKey api) {
        return rows.computeIfAbsent(api, key -> new Row());
    }

    synchronized void sent(Sent frame) {
        Row row = row(frame.api());
        if (frame.certain()) {
            row.sound++;
        } else {
            row.broken++;
        }
    }

    synchronized void answered(Sent frame, ApiResponse response) {
        Set<ErrorCode> errors = EnumSet.noneOf(ErrorCode.class);
        collect(response, errors, new int[] {MOST_LOOKED_AT});
        Row row = row(frame.api());
        row.answered++;
        row.versions.add(frame.version());
        for (ErrorCode error : errors.isEmpty() ? Set.of(ErrorCode.NONE) : errors) {
            row.errors.merge(error, 1, Integer::sum);
        }
    }

    /** The broker has closed the connection instead of answering a sound request. */
    synchronized void closed(Sent frame, int clientPort) {
        row(frame.api()).closed++;
        if (dropped.size() < MOST_FAULTS || frame.bytes().length < LARGE_BYTES) {
            dropped.put(clientPort, new Dropped(frame.what(), frame.bytes().length));
        }
    }

    /** The client has waited as long as it cared to. */
    synchronized void late(Sent frame) {
        row(frame.api()).late++;
    }

    /** The broker has done what it never may. */
    synchronized void fault(String what) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(what);
        }
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** {@return sound requests that were met by the end of their connection, by the client's port} */
    synchronized Map<Integer, Dropped> dropped() {
        return new TreeMap<>(dropped);
    }

    /** {@return how many sound requests were sent} */
    synchronized int soundRequests() {
        return rows.values().stream().mapToInt(row -> row.sound).sum();
    }

    /** {@return those among them that are so small that a refusal must be an answer, by the client's port} */
    synchronized Map<Integer, Dropped> droppedSmall() {
        Map<Integer, Dropped> small = new TreeMap<>(dropped);
        small.values().removeIf(frame -> frame.bytes() >= LARGE_BYTES);
        return small;
    }

    /** {@return the APIs and versions of which no request was answered} */
    synchronized List<String> unanswered() {
        List<String> missing = new ArrayList<>();
        for (Range range : SupportedApis.CLIENT.ranges()) {
            for (int version = range.min(); version <= range.max(); version++) {
                if (!UNANSWERED.contains(range.api())
                        && !row(range.api()).versions.contains((short) version)) {
                    missing.add(range.api() + " " + version);
                }
            }
        }
        return missing;
    }

    /** {@return the APIs for clients of which no request had success} */
    synchronized List<ApiKey> neverWell() {
        List<ApiKey> missing = new ArrayList<>();
        for (Range range : SupportedApis.CLIENT.ranges()) {
            boolean may = !FOR_BROKERS.contains(range.api())
                    && !OF_A_TRANSACTION.contains(range.api())
                    && !OF_GUARDED_BROKERS.contains(range.api())
                    && !UNANSWERED.contains(range.api());
            if (may && !row(range.api()).errors.containsKey(ErrorCode.NONE)) {
                missing.add(range.api());
            }
        }
        return missing;
    }

    private static void collect(Object part, Set<ErrorCode> errors, int[] left) {
        if (part instanceof ErrorCode error) {
            errors.add(error);
        } else if (part instanceof Iterable<?> list) {
            for (Object one : list) {
                if (left[0]-- <= 0) {
                    return;
                }
                collect(one, errors, left);
            }
        } else if (part instanceof Record) {
            for (RecordComponent component : part.getClass().getRecordComponents()) {
                try {
                    collect(component.getAccessor().invoke(part), errors, left);
                } catch (IllegalAccessException | InvocationTargetException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @Override
    public synchronized String toString() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<ApiKey, Row> entry : rows.entrySet()) {
            Row row = entry.getValue();
            text.append(String.format(
                    "%-27s sound %6d broken %5d answered %6d closed %4d late %4d  %s%n",
                    entry.getKey(), row.sound, row.broken, row.answered, row.closed, row.late, row.errors));
        }
        return text.toString();
    }
}
