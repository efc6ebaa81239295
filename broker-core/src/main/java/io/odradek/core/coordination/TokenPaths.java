package io.odradek.core.coordination;

/** Where delegation tokens stand in the cluster's tree: the paths of Apache Kafka 3.9's ZooKeeper mode. */
public final class TokenPaths {
    private static final String ROOT = "/delegation_token";

    /** The parent of the notices that tokens have changed. */
    public static final String CHANGES = ROOT + "/token_changes";

    /** How the names of notices begin; a sequence number follows. */
    public static final String CHANGE_PREFIX = "token_change_";

    /** The parent of the tokens, by identifier. */
    public static final String TOKENS = ROOT + "/tokens";

    private TokenPaths() {}

    /** {@return what has to stand before tokens can be kept, parents first} */
    public static String[] folders() {
        return new String[] {ROOT, CHANGES, TOKENS};
    }

    /** {@return a token} */
    public static String token(String id) {
        return TOKENS + "/" + id;
    }
}
