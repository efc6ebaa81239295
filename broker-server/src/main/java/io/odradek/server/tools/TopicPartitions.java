package io.odradek.server.tools;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Partitions as they are named on a command line: {@code orders} for all of a topic, {@code orders:0,2} for some. */
public final class TopicPartitions {
    /** By topic, then by number. */
    public static final Comparator<TopicPartition> IN_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private TopicPartitions() {}

    /**
     * {@return the partitions that are meant, in order}
     *
     * @param admin asked which partitions there are, where only a topic is named
     * @throws UsageException if something named is no number of a partition
     */
    public static Set<TopicPartition> named(Admin admin, List<String> given) throws Exception {
        Set<TopicPartition> partitions = new TreeSet<>(IN_ORDER);
        Set<String> wholeTopics = new LinkedHashSet<>();
        for (String each : given) {
            int colon = each.indexOf(':');
            if (colon < 0) {
                wholeTopics.add(each);
                continue;
            }
            UsageException.when(
                    colon == 0 || colon + 1 == each.length() || each.indexOf(':', colon + 1) >= 0,
                    "\"" + each + "\" is not TOPIC or TOPIC:PARTITION,PARTITION");
            for (String number : each.substring(colon + 1).split(",", -1)) {
                UsageException.when(
                        !number.matches("\\d{1,9}"),
                        "\"" + number + "\" in \"" + each + "\" is no number of a partition");
                partitions.add(new TopicPartition(each.substring(0, colon), Integer.parseInt(number)));
            }
        }
        if (!wholeTopics.isEmpty()) {
            Map<String, TopicDescription> known = Topics.described(admin, wholeTopics);
            known.values()
                    .forEach(topic -> topic.partitions()
                            .forEach(each -> partitions.add(new TopicPartition(topic.name(), each.partition()))));
        }
        return partitions;
    }

    /**
     * Sees to it that partitions are there: a client that asks for the offsets of others waits for them until its time is over.
     *
     * @throws ToolException that names the first one that is not there
     */
    public static void check(Admin admin, Collection<TopicPartition> partitions) throws Exception {
        Set<String> topics = new TreeSet<>();
        partitions.forEach(each -> topics.add(each.topic()));
        Map<String, TopicDescription> known = Topics.described(admin, topics);
        for (TopicPartition each : partitions) {
            int count = known.get(each.topic()).partitions().size();
            if (each.partition() < 0 || each.partition() >= count) {
                throw new ToolException("There is no partition " + each.partition() + " of topic " + each.topic());
            }
        }
    }
}
