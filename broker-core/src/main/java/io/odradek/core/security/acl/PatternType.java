package io.odradek.core.security.acl;

/** How the name of a pattern stands for names of resources (KIP-290), in the order of the protocol's codes. */
public enum PatternType {
    /** For itself; {@code *} for all names. */
    LITERAL(3),
    /** For all names that begin with it. */
    PREFIXED(4);

    private final byte code;

    PatternType(int code) {
        this.code = (byte) code;
    }

    /** {@return its code in the protocol} */
    public byte code() {
        return code;
    }

    /** {@return the type with this code, null if there is none, or if the code is one of filters only} */
    public static PatternType ofCode(int code) {
        return code == LITERAL.code ? LITERAL : code == PREFIXED.code ? PREFIXED : null;
    }
}
