package io.odradek.core.security.acl;

/** What can be done with resources, in the order of the protocol's codes. */
public enum AclOperation {
    ALL(2),
    READ(3),
    WRITE(4),
    CREATE(5),
    DELETE(6),
    ALTER(7),
    DESCRIBE(8),
    CLUSTER_ACTION(9),
    DESCRIBE_CONFIGS(10),
    ALTER_CONFIGS(11),
    IDEMPOTENT_WRITE(12),
    CREATE_TOKENS(13),
    DESCRIBE_TOKENS(14);

    private final byte code;
    private final String kafkaName;

    AclOperation(int code) {
        this.code = (byte) code;
        this.kafkaName = KafkaNames.of(this);
    }

    /** {@return its code in the protocol} */
    public byte code() {
        return code;
    }

    /** {@return its bit among authorized operations (KIP-430)} */
    public int bit() {
        return 1 << code;
    }

    /** {@return its name in the tree and in logs, such as {@code DescribeConfigs}} */
    public String kafkaName() {
        return kafkaName;
    }

    /** {@return whether who may do this may do the other, too} */
    boolean implies(AclOperation other) {
        if (this == other || this == ALL) {
            return true;
        }
        return switch (other) {
            case DESCRIBE -> this == READ || this == WRITE || this == DELETE || this == ALTER;
            case DESCRIBE_CONFIGS -> this == ALTER_CONFIGS;
            default -> false;
        };
    }

    /** {@return the operation with this code, null if there is none} */
    public static AclOperation ofCode(int code) {
        return code >= ALL.code && code <= DESCRIBE_TOKENS.code ? values()[code - ALL.code] : null;
    }

    /** {@return the operation that the tree calls so, in whatever case; null if there is none} */
    static AclOperation ofName(String name) {
        for (AclOperation operation : values()) {
            if (operation.kafkaName.equalsIgnoreCase(name)) {
                return operation;
            }
        }
        return null;
    }
}
