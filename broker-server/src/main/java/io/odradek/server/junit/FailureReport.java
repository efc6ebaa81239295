package io.odradek.server.junit;

import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.embedded.EmbeddedBrokers;
import io.odradek.server.embedded.Fault;
import io.odradek.server.inspect.ConsumerGroup;
import io.odradek.server.inspect.StoredPartition;
import io.odradek.server.inspect.StoredTopic;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What a broker saw, in ten lines at most, for who looks at a test that has failed. */
final class FailureReport {
    private static final int MOST_TOPICS = 3;
    private static final int MOST_GROUPS = 2;
    private static final int MOST_FAULTS = 1;
    private static final int MOST_ERRORS = 3;

    private FailureReport() {}

    static void print(EmbeddedBrokers brokers, String test, PrintStream out) {
        out.println(String.join(System.lineSeparator(), lines(brokers, test)));
    }

    static List<String> lines(EmbeddedBrokers brokers, String test) {
        List<String> lines = new ArrayList<>();
        lines.add("What the broker at " + brokers.bootstrapServers() + " saw of " + test + ":");
        try {
            List<EmbeddedBroker> each = HeldBroker.each(brokers);
            add(
                    lines,
                    MOST_TOPICS,
                    "topic",
                    brokers.topics().stream().map(FailureReport::of).toList());
            add(
                    lines,
                    MOST_GROUPS,
                    "group",
                    brokers.groups().stream().map(FailureReport::of).toList());
            add(
                    lines,
                    MOST_FAULTS,
                    "fault",
                    each.stream()
                            .flatMap(broker -> broker.faults().set().stream())
                            .map(FailureReport::of)
                            .toList());
            add(
                    lines,
                    MOST_ERRORS,
                    "error",
                    each.stream()
                            .flatMap(broker -> broker.errorsAnswered().stream())
                            .toList());
        } catch (RuntimeException unknown) {
            lines.add("  and no more can be told: " + unknown.getMessage());
        }
        return lines;
    }

    /** The last line stands for those that are too many. */
    private static void add(List<String> lines, int most, String what, List<String> all) {
        for (int i = 0; i < Math.min(most, all.size()); i++) {
            boolean more = i == most - 1 && all.size() > most;
            String others = more ? " (and " + (all.size() - most) + " more)" : "";
            lines.add("  " + what + " " + all.get(i) + others);
        }
    }

    private static String of(StoredTopic topic) {
        StringBuilder text = new StringBuilder(topic.name());
        for (StoredPartition partition : topic.partitions()) {
            text.append(partition.partition() == 0 ? ": offsets " : ", ")
                    .append(partition.span().start())
                    .append(" to ")
                    .append(partition.span().end());
        }
        return text.toString();
    }

    private static String of(ConsumerGroup group) {
        return group.id() + ": " + group.state() + ", members "
                + group.members().size() + ", lag " + group.lag();
    }

    private static String of(Fault fault) {
        return fault + ", has struck " + fault.struck();
    }
}
