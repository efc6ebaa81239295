package io.odradek.server.zookeeper;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.data.ACL;

/**
 * Who may do what with the nodes that a broker creates, as Apache Kafka 3.9 has it. With {@code zookeeper.set.acl} whoever is
 * logged in as the creator may do everything with them, and others may read them, but for those with secrets in them. What
 * consumers of before 0.9 write stays open to all.
 */
enum NodeAcls {
    /** Everybody may do everything. */
    OPEN,
    /** {@code zookeeper.set.acl}. */
    OF_CREATOR;

    private static final List<String> WITH_SECRETS =
            List.of("/config/users", "/config/brokers", "/delegation_token/tokens");
    private static final String OF_OLD_CONSUMERS = "/consumers";
    private static final List<ACL> READABLE = readable();

    /** {@return what a node is created with} @param path below the cluster's root */
    List<ACL> of(String path) {
        if (this == OPEN || path.equals(OF_OLD_CONSUMERS)) {
            return Ids.OPEN_ACL_UNSAFE;
        }
        for (String secret : WITH_SECRETS) {
            if (path.startsWith(secret)) {
                return Ids.CREATOR_ALL_ACL;
            }
        }
        return READABLE;
    }

    private static List<ACL> readable() {
        List<ACL> acls = new ArrayList<>(Ids.CREATOR_ALL_ACL);
        acls.addAll(Ids.READ_ACL_UNSAFE);
        // The client of ZooKeeper looks for nulls in it, which other lists that cannot be changed do not like.
        return Collections.unmodifiableList(acls);
    }
}
