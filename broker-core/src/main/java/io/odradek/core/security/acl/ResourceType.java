package io.odradek.core.security.acl;

import static io.odradek.core.security.acl.AclOperation.ALTER;
import static io.odradek.core.security.acl.AclOperation.ALTER_CONFIGS;
import static io.odradek.core.security.acl.AclOperation.CLUSTER_ACTION;
import static io.odradek.core.security.acl.AclOperation.CREATE;
import static io.odradek.core.security.acl.AclOperation.CREATE_TOKENS;
import static io.odradek.core.security.acl.AclOperation.DELETE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE_CONFIGS;
import static io.odradek.core.security.acl.AclOperation.DESCRIBE_TOKENS;
import static io.odradek.core.security.acl.AclOperation.IDEMPOTENT_WRITE;
import static io.odradek.core.security.acl.AclOperation.READ;
import static io.odradek.core.security.acl.AclOperation.WRITE;

import io.odradek.protocol.errors.ErrorCode;
import java.util.List;

/** The kinds of resources, in the order of the protocol's codes, with what can be done with each. */
public enum ResourceType {
    TOPIC(
            2,
            ErrorCode.TOPIC_AUTHORIZATION_FAILED,
            READ,
            WRITE,
            CREATE,
            DELETE,
            ALTER,
            DESCRIBE,
            DESCRIBE_CONFIGS,
            ALTER_CONFIGS),
    GROUP(3, ErrorCode.GROUP_AUTHORIZATION_FAILED, READ, DELETE, DESCRIBE),
    CLUSTER(
            4,
            ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
            CREATE,
            ALTER,
            DESCRIBE,
            CLUSTER_ACTION,
            DESCRIBE_CONFIGS,
            ALTER_CONFIGS,
            IDEMPOTENT_WRITE),
    TRANSACTIONAL_ID(5, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, WRITE, DESCRIBE),
    DELEGATION_TOKEN(6, ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED, DESCRIBE),
    /** Named by its principal, as it makes tokens in the name of others (KIP-373). */
    USER(7, ErrorCode.DELEGATION_TOKEN_AUTHORIZATION_FAILED, CREATE_TOKENS, DESCRIBE_TOKENS);

    /** The name of the one resource of the type {@link #CLUSTER}. */
    public static final String CLUSTER_NAME = "kafka-cluster";

    private final byte code;
    private final String kafkaName;
    private final ErrorCode refusal;
    private final List<AclOperation> operations;

    ResourceType(int code, ErrorCode refusal, AclOperation... operations) {
        this.code = (byte) code;
        this.kafkaName = KafkaNames.of(this);
        this.refusal = refusal;
        this.operations = List.of(operations);
    }

    /** {@return its code in the protocol} */
    public byte code() {
        return code;
    }

    /** {@return its name in the tree and in logs, such as {@code TransactionalId}} */
    public String kafkaName() {
        return kafkaName;
    }

    /** {@return how a request is answered that may not do what it wants with one of these} */
    public ErrorCode refusal() {
        return refusal;
    }

    /** {@return what can be done with one} */
    public List<AclOperation> operations() {
        return operations;
    }

    /** {@return the type with this code, null if there is none} */
    public static ResourceType ofCode(int code) {
        return code >= TOPIC.code && code <= USER.code ? values()[code - TOPIC.code] : null;
    }

    /** {@return the type that the tree calls so, in whatever case; null if there is none} */
    static ResourceType ofName(String name) {
        for (ResourceType type : values()) {
            if (type.kafkaName.equalsIgnoreCase(name)) {
                return type;
            }
        }
        return null;
    }

    /** {@return the type with the name of this constant, in whatever case, as notices have it; null if there is none} */
    static ResourceType ofConstant(String name) {
        for (ResourceType type : values()) {
            if (type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        return null;
    }
}
