package io.odradek.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a group takes until it is stable again: when it forms, when a member joins, leaves, or dies without a word, and when a static
 * member is back after a restart. Stable is a group when all of its members are in one generation, each has partitions, and
 * together they have all, each once. Prints a line {@code assignor event milliseconds} for each time.
 */
public final class RebalanceLoad {
    private static final String ASSIGNORS = "org.apache.kafka.clients.consumer.";
    private static final long LIMIT_S = 120;

    private final String servers;
    private final String topic;
    private final String assignor;
    private final int partitions;
    private final List<RebalanceMember> members = new ArrayList<>();

    private RebalanceLoad(String servers, String assignor, int partitions) {
        this.servers = servers;
        this.assignor = assignor;
        this.topic = "bench-" + assignor;
        this.partitions = partitions;
    }

    /** @param arguments the servers, members, partitions, how often each event is measured, the session timeout in ms, assignors */
    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        int partitions = Integer.parseInt(arguments[2]);
        int times = Integer.parseInt(arguments[3]);
        int sessionMs = Integer.parseInt(arguments[4]);
        for (int i = 5; i < arguments.length; i++) {
            RebalanceLoad load = new RebalanceLoad(arguments[0], arguments[i], partitions);
            load.createTopic();
            load.measure("warm-up", count, 1, sessionMs);
            load.measure("", count, times, sessionMs);
        }
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void measure(String label, int count, int times, int sessionMs) throws Exception {
        for (int time = 0; time < times; time++) {
            String group = assignor + label + time;
            long formed = timed(() -> {
                for (int i = 0; i < count; i++) {
                    join(group, sessionMs, i == 0 ? "static" : null);
                }
            });
            long joined = timed(() -> join(group, sessionMs, null));
            long left = timed(() -> members.remove(count).leave());
            join(group, sessionMs, null);
            awaitStable();
            long died = timed(() -> members.remove(count).die());
            RebalanceMember old = members.remove(0);
            long restarted = timed(() -> {
                old.die();
                join(group, sessionMs, "static");
            });
            if (label.isEmpty()) {
                tell("form", formed);
                tell("join", joined);
                tell("leave", left);
                tell("death", died);
                tell("static-restart", restarted);
            }
            members.forEach(RebalanceMember::leave);
            for (RebalanceMember member : members) {
                member.awaitEnd();
            }
            members.clear();
        }
    }

    private void tell(String event, long ms) {
        System.out.println(assignor + " " + event + " " + ms);
    }

    private void join(String group, int sessionMs, String instance) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", group);
        settings.put("partition.assignment.strategy", ASSIGNORS + assignor);
        settings.put("session.timeout.ms", sessionMs);
        // What a member hears of a rebalance it hears with a heartbeat: three seconds of those would hide everything
        // else.
        settings.put("heartbeat.interval.ms", 50);
        settings.put("retry.backoff.ms", 20);
        settings.put("reconnect.backoff.ms", 20);
        settings.put("enable.auto.commit", false);
        if (instance != null) {
            settings.put("group.instance.id", instance);
        }
        RebalanceMember member = new RebalanceMember(settings, topic);
        members.add(member);
        member.start();
    }

    private interface Event {
        void happen() throws Exception;
    }

    private long timed(Event event) throws Exception {
        long startNs = System.nanoTime();
        event.happen();
        return TimeUnit.NANOSECONDS.toMillis(awaitStable() - startNs);
    }

    /** {@return when the last of what makes the group stable was seen} */
    private long awaitStable() throws InterruptedException {
        long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
        while (System.nanoTime() < limitNs) {
            long sinceNs = stableSince();
            if (sinceNs != Long.MIN_VALUE) {
                return sinceNs;
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("The group is not stable after " + LIMIT_S + " s: " + members);
    }

    private long stableSince() {
        Set<TopicPartition> all = new HashSet<>();
        int owned = 0;
        int generation = members.get(0).view().generation();
        long sinceNs = Long.MIN_VALUE;
        for (RebalanceMember member : members) {
            RebalanceMember.View view = member.view();
            if (view.generation() != generation || view.owned().isEmpty()) {
                return Long.MIN_VALUE;
            }
            all.addAll(view.owned());
            owned += view.owned().size();
            sinceNs = Math.max(sinceNs, view.sinceNs());
        }
        return all.size() == partitions && owned == partitions ? sinceNs : Long.MIN_VALUE;
    }
}
