package io.odradek.core.coordination;

/** Where clients of before Kafka 0.9 keep the positions of groups in the cluster's tree. */
public final class ConsumerPaths {
    /** The parent of the groups. */
    public static final String CONSUMERS = "/consumers";

    private static final String OFFSETS = "/offsets";

    private ConsumerPaths() {}

    /** {@return the parent of a group's positions in the partitions of a topic} */
    public static String topic(String groupId, String topic) {
        return CONSUMERS + "/" + groupId + OFFSETS + "/" + topic;
    }

    /** {@return a group's position in a partition, as decimal text} */
    public static String position(String groupId, String topic, int partition) {
        return topic(groupId, topic) + "/" + partition;
    }

    /** {@return the topic that a node is the position in a partition of, null if it is none} */
    public static String topicOf(String path) {
        int partition = path.lastIndexOf('/');
        int topic = path.lastIndexOf('/', partition - 1);
        int parent = topic - OFFSETS.length();
        return parent > CONSUMERS.length() && path.startsWith(OFFSETS + "/", parent)
                ? path.substring(topic + 1, partition)
                : null;
    }

    /**
     * {@return whether a group can be below {@link #CONSUMERS}} It may be several nodes below each other, as slashes stay what
     * they are, but none without a name, none that stands for another one, and none with characters that ZooKeeper refuses.
     */
    public static boolean canHold(String groupId) {
        int begin = 0;
        for (int i = 0; i <= groupId.length(); i++) {
            if (i == groupId.length() || groupId.charAt(i) == '/') {
                if (!isName(groupId, begin, i)) {
                    return false;
                }
                begin = i + 1;
            }
        }
        return true;
    }

    private static boolean isName(String text, int begin, int end) {
        if (end == begin || text.charAt(begin) == '.' && end - begin <= 2 && text.charAt(end - 1) == '.') {
            return false;
        }
        for (int i = begin; i < end; i++) {
            if (!isAllowed(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Those of ZooKeeper's programmer's guide ("The ZooKeeper Data Model"). */
    private static boolean isAllowed(char next) {
        return next > '\u001f' && next < '\u007f'
                || next > '\u009f' && next < '\ud800'
                || next > '\uf8ff' && next < '\ufff0';
    }
}
