package io.odradek.server.cluster;

import static io.odradek.server.cluster.ClusterShape.SESSION;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.TopicPartition;

/** What befalls a cluster under load. Each goes on until the cluster serves without, or with what was hit again. */
enum Fault {
    LEADER_KILLED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            killAndReturn(cluster, load, cluster.leadership(partition).leader(), false);
        }
    },
    CONTROLLER_KILLED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            killAndReturn(cluster, load, cluster.controller(), false);
        }
    },
    FOLLOWER_KILLED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            killAndReturn(cluster, load, follower(cluster, partition), false);
        }
    },
    ROLLING_RESTART {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            for (int id : cluster.ids()) {
                cluster.stop(id);
                cluster.awaitGone(id);
                cluster.start(id);
                cluster.awaitAllInSync();
            }
        }
    },
    /** It wakes up with requests in hand and believes that it still leads. */
    LEADER_PAUSED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            connectWithSeveral(cluster, load);
            pauseAndResume(cluster, load, cluster.leadership(partition).leader());
        }
    },
    CONTROLLER_PAUSED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            connectWithSeveral(cluster, load);
            pauseAndResume(cluster, load, cluster.controller());
        }
    },
    ZOOKEEPER_RESTARTED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            cluster.zooKeepers().stop(1);
            load.awaitProgress();
            cluster.zooKeepers().start(1);
        }
    },
    FOLDER_WIPED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            killAndReturn(cluster, load, cluster.leadership(partition).leader(), true);
        }
    },
    /** It comes back while its old session still stands. */
    KILLED_AND_BACK_AT_ONCE {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            int leader = cluster.leadership(partition).leader();
            cluster.kill(leader);
            cluster.startUntilAccepted(leader);
        }
    },
    /** It comes back empty, and those who have its records may not have noticed that it was away. */
    WIPED_AND_BACK_AT_ONCE {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            int leader = cluster.leadership(partition).leader();
            cluster.kill(leader);
            cluster.wipe(leader);
            cluster.startUntilAccepted(leader);
        }
    },
    /** Too few replicas are left: nothing may be acknowledged until one is back. */
    LEADER_AND_FOLLOWER_KILLED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            int leader = cluster.leadership(partition).leader();
            int follower = follower(cluster, partition);
            cluster.kill(leader);
            cluster.kill(follower);
            cluster.awaitUnregistered(leader);
            cluster.awaitUnregistered(follower);
            cluster.start(follower);
            load.awaitProgress();
            cluster.start(leader);
        }
    },
    ALL_KILLED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            for (int id : cluster.ids()) {
                cluster.kill(id);
            }
            for (int id : cluster.ids()) {
                cluster.awaitUnregistered(id);
            }
            for (int id : cluster.ids()) {
                cluster.start(id);
            }
        }
    },
    /** When it goes on, it ends the sessions that it heard nothing of: all of them, some or none. */
    ZOOKEEPER_PAUSED {
        @Override
        void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception {
            cluster.zooKeepers().pause(1);
            LockSupport.parkNanos(SESSION.plusSeconds(1).toNanos());
            cluster.zooKeepers().resume(1);
        }
    };

    /** The faults that every build looks at; the others are for the long form. */
    static final Set<Fault> IN_EVERY_BUILD = EnumSet.range(LEADER_KILLED, FOLDER_WIPED);

    /**
     * Happens, and returns when the cluster can recover from it by itself.
     *
     * @param partition whose leader or follower is meant
     */
    abstract void strike(ProcessCluster cluster, Load load, TopicPartition partition) throws Exception;

    private static void killAndReturn(ProcessCluster cluster, Load load, int id, boolean wiped) throws Exception {
        cluster.kill(id);
        cluster.awaitGone(id);
        load.awaitProgress();
        if (wiped) {
            cluster.wipe(id);
        }
        cluster.start(id);
    }

    /**
     * Sees to it that every client is connected with more than one broker. One that is connected with the paused broker only,
     * which led everything, never asks the others who leads now, though it knows of them (kafka-clients 4.4.0, whoever the
     * brokers are): it turns to those first with whom it is about to connect, and the system accepts connections for a paused
     * process as often as the client gives them up.
     */
    private static void connectWithSeveral(ProcessCluster cluster, Load load) {
        cluster.awaitSpread(load.partitions());
        load.awaitProgress();
    }

    private static void pauseAndResume(ProcessCluster cluster, Load load, int id) throws Exception {
        cluster.pause(id);
        cluster.awaitGone(id);
        load.awaitProgress();
        cluster.resume(id);
    }

    /** A broker that follows in the partition, and is not the controller if there is such a one. */
    private static int follower(ProcessCluster cluster, TopicPartition partition) {
        TreeSet<Integer> followers = cluster.ids();
        followers.remove(cluster.leadership(partition).leader());
        int controller = cluster.controller();
        return followers.stream().filter(id -> id != controller).findFirst().orElseThrow();
    }
}
