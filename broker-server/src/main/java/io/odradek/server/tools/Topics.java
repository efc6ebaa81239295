package io.odradek.server.tools;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Topics that are named, and must be there. */
public final class Topics {
    private Topics() {}

    /**
     * {@return what is known of topics, by name}
     *
     * @throws ToolException that names the first one that is not there
     */
    public static Map<String, TopicDescription> described(Admin admin, Collection<String> topics) throws Exception {
        Map<String, TopicDescription> described = new TreeMap<>();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> each :
                admin.describeTopics(topics).topicNameValues().entrySet()) {
            try {
                described.put(each.getKey(), Answers.of(each.getValue()));
            } catch (UnknownTopicOrPartitionException unknown) {
                throw new ToolException("There is no topic " + each.getKey(), unknown);
            }
        }
        return described;
    }
}
