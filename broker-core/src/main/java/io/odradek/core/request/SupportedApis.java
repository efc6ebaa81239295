package io.odradek.core.request;

import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.api.ApiVersionsResponse.ApiVersion;
import io.odradek.protocol.api.ApiVersionsResponse.FinalizedFeatureKey;
import io.odradek.protocol.api.ApiVersionsResponse.SupportedFeatureKey;
import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * The APIs that a broker serves, with their versions: from the lowest to the highest that Apache Kafka 3.9 speaks, those of
 * transactions v2 (KIP-890), DescribeTopicPartitions (KIP-966), version 1 of AlterPartitionReassignments (KIP-860), and version 5 of ApiVersions (KIP-1242), without which its clients would ask twice.
 */
public final class SupportedApis {
    /** All APIs that a broker serves to clients and, as Kafka lists them for both, to other brokers; by key. */
    public static final SupportedApis CLIENT = new SupportedApis(List.of(
            new Range(ApiKey.PRODUCE, 0, 12),
            new Range(ApiKey.FETCH, 0, 17),
            new Range(ApiKey.LIST_OFFSETS, 0, 9),
            new Range(ApiKey.METADATA, 0, 12),
            new Range(ApiKey.LEADER_AND_ISR, 0, 7),
            new Range(ApiKey.STOP_REPLICA, 0, 4),
            new Range(ApiKey.UPDATE_METADATA, 0, 8),
            new Range(ApiKey.CONTROLLED_SHUTDOWN, 0, 3),
            new Range(ApiKey.OFFSET_COMMIT, 0, 9),
            new Range(ApiKey.OFFSET_FETCH, 0, 9),
            new Range(ApiKey.FIND_COORDINATOR, 0, 6),
            new Range(ApiKey.JOIN_GROUP, 0, 9),
            new Range(ApiKey.HEARTBEAT, 0, 4),
            new Range(ApiKey.LEAVE_GROUP, 0, 5),
            new Range(ApiKey.SYNC_GROUP, 0, 5),
            new Range(ApiKey.DESCRIBE_GROUPS, 0, 5),
            new Range(ApiKey.LIST_GROUPS, 0, 5),
            new Range(ApiKey.SASL_HANDSHAKE, 0, 1),
            new Range(ApiKey.API_VERSIONS, 0, 5),
            new Range(ApiKey.CREATE_TOPICS, 0, 7),
            new Range(ApiKey.DELETE_TOPICS, 0, 6),
            new Range(ApiKey.DELETE_RECORDS, 0, 2),
            new Range(ApiKey.INIT_PRODUCER_ID, 0, 5),
            new Range(ApiKey.OFFSET_FOR_LEADER_EPOCH, 0, 4),
            new Range(ApiKey.ADD_PARTITIONS_TO_TXN, 0, 5),
            new Range(ApiKey.ADD_OFFSETS_TO_TXN, 0, 4),
            new Range(ApiKey.END_TXN, 0, 5),
            new Range(ApiKey.WRITE_TXN_MARKERS, 0, 2),
            new Range(ApiKey.TXN_OFFSET_COMMIT, 0, 5),
            new Range(ApiKey.DESCRIBE_ACLS, 0, 3),
            new Range(ApiKey.CREATE_ACLS, 0, 3),
            new Range(ApiKey.DELETE_ACLS, 0, 3),
            new Range(ApiKey.DESCRIBE_CONFIGS, 0, 4),
            new Range(ApiKey.ALTER_CONFIGS, 0, 2),
            new Range(ApiKey.ALTER_REPLICA_LOG_DIRS, 0, 2),
            new Range(ApiKey.DESCRIBE_LOG_DIRS, 0, 4),
            new Range(ApiKey.SASL_AUTHENTICATE, 0, 2),
            new Range(ApiKey.CREATE_PARTITIONS, 0, 3),
            new Range(ApiKey.CREATE_DELEGATION_TOKEN, 0, 3),
            new Range(ApiKey.RENEW_DELEGATION_TOKEN, 0, 2),
            new Range(ApiKey.EXPIRE_DELEGATION_TOKEN, 0, 2),
            new Range(ApiKey.DESCRIBE_DELEGATION_TOKEN, 0, 3),
            new Range(ApiKey.DELETE_GROUPS, 0, 2),
            new Range(ApiKey.ELECT_LEADERS, 0, 2),
            new Range(ApiKey.INCREMENTAL_ALTER_CONFIGS, 0, 1),
            new Range(ApiKey.ALTER_PARTITION_REASSIGNMENTS, 0, 1),
            new Range(ApiKey.LIST_PARTITION_REASSIGNMENTS, 0, 0),
            new Range(ApiKey.OFFSET_DELETE, 0, 0),
            new Range(ApiKey.DESCRIBE_CLIENT_QUOTAS, 0, 1),
            new Range(ApiKey.ALTER_CLIENT_QUOTAS, 0, 1),
            new Range(ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS, 0, 0),
            new Range(ApiKey.ALTER_USER_SCRAM_CREDENTIALS, 0, 0),
            new Range(ApiKey.ALTER_PARTITION, 0, 3),
            new Range(ApiKey.UPDATE_FEATURES, 0, 1),
            new Range(ApiKey.ENVELOPE, 0, 0),
            new Range(ApiKey.DESCRIBE_CLUSTER, 0, 1),
            new Range(ApiKey.DESCRIBE_PRODUCERS, 0, 0),
            new Range(ApiKey.DESCRIBE_TRANSACTIONS, 0, 0),
            new Range(ApiKey.LIST_TRANSACTIONS, 0, 2),
            new Range(ApiKey.ALLOCATE_PRODUCER_IDS, 0, 0),
            new Range(ApiKey.LIST_CONFIG_RESOURCES, 0, 1),
            new Range(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0, 0)));

    static final String TRANSACTION_VERSION = "transaction.version";

    private static final int NO_FEATURES_EPOCH = -1;
    private static final int FEATURES_EPOCH = 0;
    private static final int LEVEL_0_SINCE = 4;
    private static final short NEWEST_TRANSACTIONS = 2;

    private final List<Range> ranges;
    private final Range[] byKey;
    private final ApiVersionsResponse supported;
    private final ApiVersionsResponse unsupportedVersion;
    private final ApiVersionsResponse invalidRequest;
    private final ApiVersionsResponse rebootstrapRequired;

    /**
     * One API.
     *
     * @param api the API
     * @param min the lowest version that is served and shown
     * @param max the highest version that is served and shown
     */
    public record Range(ApiKey api, int min, int max) {}

    /** @param ranges the APIs served, by key */
    public SupportedApis(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
        List<ApiVersion> versions = new ArrayList<>(ranges.size());
        int highest = -1;
        for (Range range : ranges) {
            versions.add(new ApiVersion(range.api().key(), (short) range.min(), (short) range.max()));
            highest = Math.max(highest, range.api().key());
        }
        byKey = new Range[highest + 1];
        for (Range range : ranges) {
            byKey[range.api().key()] = range;
        }
        supported = response(ErrorCode.NONE, versions);
        unsupportedVersion = response(
                ErrorCode.UNSUPPORTED_VERSION,
                versions.stream()
                        .filter(version -> version.apiKey() == ApiKey.API_VERSIONS.key())
                        .toList());
        invalidRequest = response(ErrorCode.INVALID_REQUEST, List.of());
        rebootstrapRequired = response(ErrorCode.REBOOTSTRAP_REQUIRED, List.of());
    }

    /** {@return the APIs} */
    public List<Range> ranges() {
        return ranges;
    }

    /** {@return whether a request of this key and version can be decoded and handled} */
    public boolean serves(short apiKey, short version) {
        Range range = range(apiKey);
        return range != null && version >= range.min() && version <= range.max();
    }

    /** {@return the list, without features} */
    public ApiVersionsResponse supported() {
        return supported;
    }

    /**
     * {@return the list, with the feature that tells clients which transactions to use}
     *
     * @param version of the ApiVersions request; before 4, clients cannot read of a feature that begins at level 0
     * @param transactionVersion the level in force, 0 for none
     */
    public ApiVersionsResponse supported(int version, short transactionVersion) {
        return new ApiVersionsResponse(
                ErrorCode.NONE,
                supported.apiKeys(),
                version < LEVEL_0_SINCE
                        ? List.of()
                        : List.of(new SupportedFeatureKey(TRANSACTION_VERSION, (short) 0, NEWEST_TRANSACTIONS)),
                FEATURES_EPOCH,
                transactionVersion == 0
                        ? List.of()
                        : List.of(new FinalizedFeatureKey(TRANSACTION_VERSION, transactionVersion, transactionVersion)),
                false);
    }

    /** {@return UNSUPPORTED_VERSION and the versions of ApiVersions: to be encoded in version 0, for one of any other version (KIP-511)} */
    public ApiVersionsResponse unsupportedVersion() {
        return unsupportedVersion;
    }

    /** {@return INVALID_REQUEST and no list} */
    public ApiVersionsResponse invalidRequest() {
        return invalidRequest;
    }

    /** {@return REBOOTSTRAP_REQUIRED and no list} */
    public ApiVersionsResponse rebootstrapRequired() {
        return rebootstrapRequired;
    }

    private Range range(short apiKey) {
        return apiKey >= 0 && apiKey < byKey.length ? byKey[apiKey] : null;
    }

    private static ApiVersionsResponse response(ErrorCode error, List<ApiVersion> versions) {
        return new ApiVersionsResponse(error, versions, List.of(), NO_FEATURES_EPOCH, List.of(), false);
    }
}
