package io.odradek.server.storm;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.storm.Known.Member;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Values for fields by their name: mostly what makes the broker work (a topic that is there, a member's id), sometimes what
 * nobody expects. A request keeps to one member of one group, or nothing about groups would ever match.
 */
final class RandomFields {
    private static final Set<ApiKey> READERS = Set.of(
            ApiKey.FETCH,
            ApiKey.LIST_OFFSETS,
            ApiKey.METADATA,
            ApiKey.OFFSET_FOR_LEADER_EPOCH,
            ApiKey.DESCRIBE_CONFIGS,
            ApiKey.DESCRIBE_LOG_DIRS);
    private static final int UNEXPECTED_PERCENT = 8;
    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;
    private static final List<Long> EXTREMES = List.of(
            -1L,
            0L,
            1L,
            -2L,
            -3L,
            (long) Byte.MAX_VALUE,
            (long) Short.MAX_VALUE,
            (long) Short.MIN_VALUE,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            Integer.MAX_VALUE + 1L,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            Long.MIN_VALUE);
    private static final List<String> CONFIGS = List.of(
            "retention.ms",
            "retention.bytes",
            "segment.bytes",
            "cleanup.policy",
            "compression.type",
            "max.message.bytes",
            "min.insync.replicas",
            "flush.messages",
            "message.timestamp.type");
    private static final List<String> CONFIG_VALUES = List.of(
            "1000", "-1", "1048576", "compact", "delete", "gzip", "compact,delete", "LogAppendTime", "1", "0", "");
    private static final List<String> PATTERNS = List.of("a", "Z", "0", ".", "_", " ", "/", "é", "中", "😀", "\0", "\n");
    private static final List<Integer> WAITS_MS = List.of(0, 1, 50, 500, 5_000, Integer.MAX_VALUE, -1);
    private static final List<Integer> PARTITION_COUNTS = List.of(-1, 1, 2, 3, 3, 0, 100_000, Integer.MAX_VALUE);
    private static final int LONGEST_INT16_TEXT = 32_767;

    private final Random random;
    private final Known known;
    private final List<String> folders;
    private final String ownGroup;
    private Member member;
    private boolean mayNameOthersTopics;
    private boolean seldomNamesTopics;
    private boolean spread;
    private boolean empty;

    /** @param folders the log folders of the broker */
    RandomFields(Random random, Known known, List<String> folders) {
        this.random = random;
        this.known = known;
        this.folders = folders;
        this.ownGroup = "storm-group-of-" + random.nextInt(1_000);
    }

    /**
     * Begins another request.
     *
     * @param allDiffer whether names and numbers are drawn from very many, so that none comes twice
     * @param allEmpty whether texts are empty: nothing makes more of fewer bytes
     */
    void begin(ApiKey api, boolean allDiffer, boolean allEmpty) {
        // Names of topics that others live on stand where they are only read.
        mayNameOthersTopics = READERS.contains(api);
        // With all of them deleted all the time there would be nothing to do for the others.
        seldomNamesTopics = api == ApiKey.DELETE_TOPICS;
        spread = allDiffer;
        empty = allEmpty;
        member = switch (known.hasJoined() ? 2 : random.nextInt(4)) {
            case 0 -> new Member(ownGroup, "", -1);
            case 1 -> new Member("storm-group-" + random.nextInt(8), "", -1);
            default -> known.member(random);
        };
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    boolean permille(int permille) {
        return random.nextInt(1000) < permille;
    }

    /** {@return whether a field has no value, as it mostly has none with clients} */
    boolean none(String field) {
        return switch (field) {
            case "transactionalId", "groupInstanceId", "clusterId", "reason" -> chance(85);
            default -> false;
        };
    }

    String string(String record, String field) {
        if (empty && !chance(UNEXPECTED_PERCENT)) {
            return "";
        }
        if (chance(UNEXPECTED_PERCENT)) {
            return text();
        }
        return switch (field) {
            case "topic", "topicNames" -> topic();
            case "name" -> named(record);
            case "resourceName" -> chance(80) ? topic() : Integer.toString(random.nextInt(3));
            case "configurationKeys" -> Known.any(CONFIGS, random);
            case "value" -> Known.any(CONFIG_VALUES, random);
            case "groupId", "groupsNames", "groups", "key", "coordinatorKeys" ->
                spread ? "storm-group-" + random.nextInt(MANY) : member.group();
            case "memberId" -> member.id();
            case "groupInstanceId" -> "instance-" + random.nextInt(4);
            case "protocolType" -> "consumer";
            case "protocolName" -> "range";
            case "path" -> Known.any(folders, random);
            case "transactionalId" -> "transaction-" + random.nextInt(4);
            case "statesFilter" -> Known.any(List.of("Stable", "Empty", "Dead"), random);
            case "typesFilter" -> "classic";
            case "entityType" -> chance(50) ? "user" : "client-id";
            case "entityName" -> "storm-user-" + random.nextInt(FEW);
            default -> "text";
        };
    }

    private String named(String record) {
        if (record.contains("Config")) {
            return Known.any(CONFIGS, random);
        }
        if (record.contains("Protocol")) {
            return chance(80) ? "range" : "roundrobin";
        }
        return topic();
    }

    private String topic() {
        if (spread || seldomNamesTopics && chance(90)) {
            return "stranger-" + random.nextInt(spread ? MANY : FEW);
        }
        if (mayNameOthersTopics && chance(15)) {
            return Known.any(Known.TOPICS_TO_READ, random);
        }
        return chance(93) ? Known.any(Known.TOPICS, random) : "stranger-" + random.nextInt(FEW);
    }

    private String text() {
        if (permille(100)) {
            return "x".repeat(LONGEST_INT16_TEXT - random.nextInt(2));
        }
        StringBuilder text = new StringBuilder();
        for (int left = permille(50) ? 2_000 : random.nextInt(30); left > 0; left--) {
            text.append(Known.any(PATTERNS, random));
        }
        return text.toString();
    }

    long number(String field) {
        if (chance(UNEXPECTED_PERCENT)) {
            return chance(70) ? Known.any(EXTREMES, random) : random.nextLong();
        }
        return switch (field) {
            case "partition", "partitionIndex", "index", "partitions", "partitionIndexes" ->
                random.nextInt(spread ? MANY : 4);
            case "maxWaitMs", "timeoutMs" -> Known.any(WAITS_MS, random);
            case "sessionTimeoutMs", "rebalanceTimeoutMs" -> 1_000 + random.nextInt(4_000);
            case "transactionTimeoutMs" -> 60_000;
            case "generationId", "generationIdOrMemberEpoch", "memberEpoch" -> member.generation();
            case "sessionId" -> known.session(random);
            case "sessionEpoch" -> random.nextInt(4) - 1;
            case "producerId" -> known.producer(random);
            case "numPartitions" -> Known.any(PARTITION_COUNTS, random);
            case "replicationFactor" -> chance(50) ? 1 : -1;
            case "brokerIds", "replicaId" -> chance(80) ? -1 : random.nextInt(3) - 1;
            case "acks" -> random.nextInt(3) - 1;
            case "resourceType" -> chance(80) ? 2 : 4;
            case "fetchOffset", "offset", "committedOffset" -> random.nextInt(50);
            case "timestamp" -> chance(60) ? -random.nextInt(5) : System.currentTimeMillis();
            case "minBytes" -> random.nextInt(3);
            case "maxBytes", "partitionMaxBytes" -> 1 << random.nextInt(24);
            case "isolationLevel", "keyType", "configOperation", "endpointType", "matchType" -> random.nextInt(3);
            case "mechanism" -> 1 + random.nextInt(2);
            case "iterations" -> 4_096 + random.nextInt(4);
            default -> -1;
        };
    }

    Uuid uuid() {
        return !spread && chance(seldomNamesTopics ? 10 : 90)
                ? known.topicId(random)
                : new Uuid(random.nextLong(), random.nextLong());
    }

    ByteBuffer bytes() {
        byte[] bytes = new byte[permille(20) ? 50_000 : random.nextInt(60)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
