package io.odradek.core.coordination;

/** Where access control entries stand in the cluster's tree: the paths of Apache Kafka 3.9's ZooKeeper mode. */
public final class AclPaths {
    /** The parent of those for literal names, by kind of resource and name. */
    public static final String LITERAL = "/kafka-acl";

    /** The parent of those for names that are no resource's own. */
    public static final String EXTENDED = "/kafka-acl-extended";

    /** The parent of those for beginnings of names, by kind of resource and beginning. */
    public static final String PREFIXED = EXTENDED + "/prefixed";

    /** The parent of the notices that entries for literal names have changed. */
    public static final String LITERAL_CHANGES = "/kafka-acl-changes";

    /** The parent of the notices that other entries have changed. */
    public static final String EXTENDED_CHANGES = "/kafka-acl-extended-changes";

    /** How the names of notices begin; a sequence number follows. */
    public static final String CHANGE_PREFIX = "acl_changes_";

    private AclPaths() {}
}
