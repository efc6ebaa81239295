package io.odradek.server.admin;

import io.odradek.core.controller.TopicNames;
import io.odradek.server.inspect.StoredPartition;
import io.odradek.server.inspect.StoredTopic;
import io.odradek.server.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@code /api/topics} and {@code /api/topics/NAME}. */
final class TopicsApi {
    private static final int TOPICS_AT_ONCE = 100;
    private static final int PARTITIONS_AT_ONCE = 200;
    private static final int MOST_AT_ONCE = 1_000;

    private final Look look;

    TopicsApi(Look look) {
        this.look = look;
    }

    /** {@return a page of the topics, by name} */
    Answer list(AdminRequest request) throws RefusedException {
        Page<String> page = Page.of(matching(request), request.text("after", ""), (int)
                request.number("limit", 1, MOST_AT_ONCE, TOPICS_AT_ONCE));
        List<StoredTopic> topics = look.inspector().topics(page.items());
        LogSizes sizes = LogSizes.of(look, topics);
        Map<String, Map<String, String>> settings = TopicSettings.own(look, page.items());
        List<Object> shown = new ArrayList<>();
        for (StoredTopic topic : topics) {
            Map<String, Object> object = summary(topic, sizes);
            object.put("settings", settings.getOrDefault(topic.name(), Map.of()));
            shown.add(object);
        }
        return Answer.json(Json.object("topics", shown, "total", page.total(), "next", page.next()));
    }

    private SortedMap<String, String> matching(AdminRequest request) {
        String match = request.text("match", "").toLowerCase(Locale.ROOT);
        boolean internal = request.text("internal", "false").equals("true");
        SortedMap<String, String> names = new TreeMap<>();
        for (String name : look.broker().metadata().topics().keySet()) {
            if (name.toLowerCase(Locale.ROOT).contains(match) && (internal || !TopicNames.internal(name))) {
                names.put(name, name);
            }
        }
        return names;
    }

    /** {@return a topic with a page of its partitions, and its settings} */
    Answer describe(AdminRequest request) throws RefusedException {
        StoredTopic topic = look.inspector().topic(request.segment(2));
        LogSizes sizes = LogSizes.of(look, List.of(topic));
        int after = (int) request.number("after", -1, Integer.MAX_VALUE, -1);
        int limit = (int) request.number("limit", 1, MOST_AT_ONCE, PARTITIONS_AT_ONCE);
        int first = Math.min(topic.partitions().size(), after + 1);
        int end = Math.min(topic.partitions().size(), first + limit);
        List<Object> partitions = new ArrayList<>();
        for (StoredPartition partition : topic.partitions().subList(first, end)) {
            partitions.add(partition(topic, partition, sizes));
        }
        Map<String, Object> object = summary(topic, sizes);
        object.put("id", topic.id());
        object.put("broker", look.broker().brokerId());
        object.put("partitionCount", topic.partitions().size());
        object.put("partitions", partitions);
        object.put("next", end < topic.partitions().size() ? end - 1 : null);
        object.put("settings", TopicSettings.all(look, topic.name()));
        return Answer.json(object);
    }

    private Map<String, Object> summary(StoredTopic topic, LogSizes sizes) {
        int under = 0;
        int without = 0;
        int led = 0;
        int known = 0;
        long offsets = 0;
        long ends = 0;
        for (StoredPartition partition : topic.partitions()) {
            under += partition.isr().size() < partition.replicas().size() ? 1 : 0;
            without += partition.leader() < 0 ? 1 : 0;
            known += partition.span().end() < 0 ? 0 : 1;
            led += partition.leader() == look.broker().brokerId() ? 1 : 0;
            offsets += partition.offsets();
            ends += Math.max(0, partition.span().end());
        }
        long size = sizes.of(topic);
        return Json.object(
                "name",
                topic.name(),
                "internal",
                topic.internal(),
                "partitions",
                topic.partitions().size(),
                "replicas",
                topic.partitions().isEmpty()
                        ? 0
                        : topic.partitions().get(0).replicas().size(),
                "underReplicated",
                under,
                "withoutLeader",
                without,
                "ledHere",
                led,
                "offsets",
                known == 0 ? null : offsets,
                "sizeBytes",
                size,
                "recordsInPerSecond",
                known == 0 ? null : look.rates().of("records " + topic.id(), ends),
                "bytesInPerSecond",
                look.rates().of("bytes " + topic.id(), size));
    }

    private Map<String, Object> partition(StoredTopic topic, StoredPartition partition, LogSizes sizes) {
        boolean known = partition.span().end() >= 0;
        return Json.object(
                "partition", partition.partition(),
                "leader", partition.leader(),
                "leaderEpoch", partition.leaderEpoch(),
                "replicas", partition.replicas(),
                "isr", partition.isr(),
                "start", known ? partition.span().start() : null,
                "stable", known ? partition.span().stable() : null,
                "end", known ? partition.span().end() : null,
                "sizeBytes", sizes.of(topic.name(), partition.partition()),
                "recordsInPerSecond",
                        known
                                ? look.rates()
                                        .of(
                                                "records " + topic.id() + partition.partition(),
                                                partition.span().end())
                                : null);
    }
}
