package io.odradek.core.security.acl;

/** Whether an entry forbids or allows; what is forbidden is not allowed by anything else. */
public enum AclPermission {
    DENY(2, "Deny"),
    ALLOW(3, "Allow");

    private final byte code;
    private final String kafkaName;

    AclPermission(int code, String kafkaName) {
        this.code = (byte) code;
        this.kafkaName = kafkaName;
    }

    /** {@return its code in the protocol} */
    public byte code() {
        return code;
    }

    /** {@return its name in the tree} */
    public String kafkaName() {
        return kafkaName;
    }

    /** {@return the permission with this code, null if there is none} */
    public static AclPermission ofCode(int code) {
        return code == DENY.code ? DENY : code == ALLOW.code ? ALLOW : null;
    }

    /** {@return the permission that the tree calls so, in whatever case; null if there is none} */
    static AclPermission ofName(String name) {
        return DENY.kafkaName.equalsIgnoreCase(name) ? DENY : ALLOW.kafkaName.equalsIgnoreCase(name) ? ALLOW : null;
    }
}
