import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kafka.api.LeaderAndIsr;
import kafka.controller.LeaderIsrAndControllerEpoch;
import kafka.zk.FeatureZNode;
import kafka.zk.FeatureZNodeStatus;
import kafka.zk.IsrChangeNotificationSequenceZNode;
import kafka.zk.PreferredReplicaElectionZNode;
import kafka.zk.ReassignPartitionsZNode;
import kafka.zk.TopicPartitionStateZNode;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterPartitionRequestData.BrokerState;
import org.apache.kafka.metadata.LeaderRecoveryState;
import scala.collection.immutable.HashMap;
import scala.jdk.javaapi.CollectionConverters;

/** Prints what Apache Kafka 3.9's own encoders write into nodes that it writes seldom, or only reads. */
public class Znodes {
    public static void main(String[] arguments) {
        Set<TopicPartition> two =
                new LinkedHashSet<>(List.of(new TopicPartition("b", 1), new TopicPartition("a", 2)));
        print("isr", IsrChangeNotificationSequenceZNode.encode(CollectionConverters.asScala(two)));
        scala.collection.immutable.Set<TopicPartition> immutable =
                CollectionConverters.asScala(two).toSet();
        print("preferred", PreferredReplicaElectionZNode.encode(immutable));
        Map<TopicPartition, scala.collection.Seq<Object>> replicas = new LinkedHashMap<>();
        replicas.put(new TopicPartition("b", 1), ints(1, 2));
        replicas.put(new TopicPartition("a", 2), ints(3));
        print("reassign", ReassignPartitionsZNode.encode(CollectionConverters.asScala(replicas)));
        LeaderAndIsr recovering =
                new LeaderAndIsr(1, 2, LeaderRecoveryState.RECOVERING, brokers(3, 4), 5);
        print("recovering", TopicPartitionStateZNode.encode(new LeaderIsrAndControllerEpoch(recovering, 6)));
        print("features", FeatureZNode.encode(new FeatureZNode(2, FeatureZNodeStatus.Enabled$.MODULE$, feature())));
        print("old features", FeatureZNode.encode(new FeatureZNode(1, FeatureZNodeStatus.Enabled$.MODULE$, feature())));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static scala.collection.immutable.Map<String, Object> feature() {
        return (scala.collection.immutable.Map) new HashMap<String, Object>().updated("one", (short) 7);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static scala.collection.immutable.Seq<Object> ints(Integer... values) {
        return (scala.collection.immutable.Seq)
                CollectionConverters.asScala(List.of(values)).toSeq();
    }

    private static scala.collection.immutable.List<BrokerState> brokers(Integer... ids) {
        List<BrokerState> states = new ArrayList<>();
        for (Integer id : ids) {
            states.add(new BrokerState().setBrokerId(id));
        }
        return CollectionConverters.asScala(states).toList();
    }

    private static void print(String name, byte[] data) {
        System.out.println(name + "\t" + new String(data, UTF_8));
    }
}
