package io.odradek.core.config.dynamic;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/** The quotas that there are, under Kafka's names (KIP-13, KIP-124, KIP-599, KIP-612), and which values they may have. */
public enum QuotaKey {
    /** Bytes per second of what is produced. */
    PRODUCER_BYTE_RATE("producer_byte_rate", Kind.LONG, false),
    /** Bytes per second of what is fetched. */
    CONSUMER_BYTE_RATE("consumer_byte_rate", Kind.LONG, false),
    /** Share of one thread's time, in percent. */
    REQUEST_PERCENTAGE("request_percentage", Kind.DOUBLE, false),
    /** Partitions that are created and deleted per second. */
    CONTROLLER_MUTATION_RATE("controller_mutation_rate", Kind.DOUBLE, false),
    /** Connections per second of an address. */
    CONNECTION_CREATION_RATE("connection_creation_rate", Kind.INT, true);

    /** Requests have all values as floating point numbers: what is meant to be whole may be off by this. */
    private static final double EPSILON = 1e-6;

    private final String key;
    private final Kind kind;
    private final boolean ofAddresses;

    /** The types that the values are of, by their names in Kafka's errors. */
    private enum Kind {
        INT,
        LONG,
        DOUBLE
    }

    QuotaKey(String key, Kind kind, boolean ofAddresses) {
        this.key = key;
        this.kind = kind;
        this.ofAddresses = ofAddresses;
    }

    /** {@return its name in settings} */
    public String key() {
        return key;
    }

    /**
     * {@return the quota of a name; null if those that are meant cannot have it}
     *
     * @param entity whom it is for
     */
    public static QuotaKey of(String key, ClientEntity entity) {
        for (QuotaKey quota : values()) {
            if (quota.key.equals(key) && quota.ofAddresses == (entity.ip() != null)) {
                return quota;
            }
        }
        return null;
    }

    /**
     * {@return a value as it is stored, which is as Kafka stores it}
     *
     * @throws ApiException INVALID_REQUEST if there cannot be such a quota
     */
    public String text(double value) {
        if (kind == Kind.DOUBLE) {
            if (value >= 0 && value <= Double.MAX_VALUE) {
                return Double.toString(value);
            }
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "Configuration " + key + " must be a number that is not negative");
        }
        long whole = kind == Kind.INT ? (int) (value + EPSILON) : (long) (value + EPSILON);
        if (Math.abs(whole - value) <= EPSILON) {
            return Long.toString(whole);
        }
        throw new ApiException(ErrorCode.INVALID_REQUEST, "Configuration " + key + " must be a " + kind + " value");
    }
}
