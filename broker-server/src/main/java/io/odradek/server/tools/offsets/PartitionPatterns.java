package io.odradek.server.tools.offsets;

import io.odradek.server.tools.TopicPattern;
import io.odradek.server.tools.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** Which partitions are meant: those that one of some patterns matches. */
record PartitionPatterns(List<Rule> rules) {
    private static final Pattern RULE = Pattern.compile("([^:,]*)(?::(?:(\\d{1,9})|(\\d{0,9})-(\\d{0,9}))?)?");

    /**
     * One pattern.
     *
     * @param topic matches the names of topics
     * @param ranges of partitions, of which one must have it; none for all
     */
    record Rule(TopicPattern topic, List<Range> ranges) {}

    /** From a number of a partition, below another. */
    record Range(int from, int below) {}

    /** {@return those that a list means, of patterns like {@code orders:0}, {@code ret.*:2-}} */
    static PartitionPatterns listed(String given) {
        List<Rule> rules = new ArrayList<>();
        for (String each : given.split(",", -1)) {
            Matcher rule = RULE.matcher(each.strip());
            UsageException.when(!rule.matches(), "\"" + each + "\" is no pattern of partitions");
            TopicPattern topic = TopicPattern.of(
                    rule.group(1).isEmpty() ? null : rule.group(1).strip());
            if (rule.group(2) != null) {
                int partition = Integer.parseInt(rule.group(2));
                rules.add(new Rule(topic, List.of(new Range(partition, partition + 1))));
            } else if (rule.group(3) != null) {
                rules.add(new Rule(
                        topic, List.of(new Range(bound(rule.group(3), 0), bound(rule.group(4), Integer.MAX_VALUE)))));
            } else {
                rules.add(new Rule(topic, List.of()));
            }
        }
        return new PartitionPatterns(rules);
    }

    /** {@return some partitions of some topics} @param topic a regular expression, or null @param partitions numbers, or null */
    static PartitionPatterns of(String topic, String partitions) {
        List<Range> ranges = new ArrayList<>();
        if (partitions != null) {
            for (String each : partitions.split(",", -1)) {
                UsageException.when(
                        !each.strip().matches("\\d{1,9}"),
                        "\"" + each + "\" in --partitions is no number of a partition");
                int partition = Integer.parseInt(each.strip());
                ranges.add(new Range(partition, partition + 1));
            }
        }
        return new PartitionPatterns(List.of(new Rule(TopicPattern.of(topic), ranges)));
    }

    private static int bound(String given, int absent) {
        return given.isEmpty() ? absent : Integer.parseInt(given);
    }

    boolean mayMatch(String topic) {
        return rules.stream().anyMatch(rule -> rule.topic().matches(topic, false));
    }

    boolean match(TopicPartition partition) {
        return rules.stream()
                .anyMatch(rule -> rule.topic().matches(partition.topic(), false)
                        && (rule.ranges().isEmpty()
                                || rule.ranges().stream()
                                        .anyMatch(range -> range.from() <= partition.partition()
                                                && partition.partition() < range.below())));
    }
}
