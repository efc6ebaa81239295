package io.odradek.server.storm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks about the broker all the time, which is answered on a full disk too; makes the topics that the storm has deleted
 * again, and deletes those of its topics that become too many.
 */
final class HonestAdmin implements Runnable {
    private static final int MOST_STRANGERS = 40;
    private static final int PARTITIONS = 3;
    private static final int BETWEEN_ROUNDS_MS = 300;
    private static final int GROUPS_EMPTY_WITHIN_SECONDS = 40;

    private final Admin admin;
    private final Patience patience;
    private volatile boolean stopped;
    private volatile int rounds;

    HonestAdmin(String bootstrapServers, Patience patience) {
        this.admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrapServers,
                "request.timeout.ms", HonestClients.GIVES_UP_MS,
                "default.api.timeout.ms", HonestClients.GIVES_UP_MS));
        this.patience = patience;
    }

    int rounds() {
        return rounds;
    }

    void stop() {
        stopped = true;
    }

    void createHonestTopic() throws Exception {
        NewTopic topic = new NewTopic(HonestClients.TOPIC, 1, (short) 1);
        topic.configs(Map.of("retention.ms", "-1", "retention.bytes", "-1"));
        admin.createTopics(List.of(topic)).all().get();
        createTopicsOfTheStorm(Set.of());
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                look();
                rounds++;
                TimeUnit.MILLISECONDS.sleep(BETWEEN_ROUNDS_MS);
            }
        } catch (InterruptedException e) {
            patience.complain("The admin was interrupted");
        } finally {
            admin.close();
        }
    }

    private void look() {
        Set<String> names = ask("list the topics", admin.listTopics().names());
        ask("describe the cluster", admin.describeCluster().nodes());
        ask(
                "describe a topic",
                admin.describeTopics(List.of(HonestClients.TOPIC)).allTopicNames());
        ask(
                "list offsets",
                admin.listOffsets(Map.of(new TopicPartition(HonestClients.TOPIC, 0), OffsetSpec.latest()))
                        .all());
        ask(
                "list the group's offsets",
                admin.listConsumerGroupOffsets(HonestMember.GROUP).partitionsToOffsetAndMetadata());
        if (names != null) {
            patience.within(HonestClients.BOUND_MS, "create topics", () -> createTopicsOfTheStorm(names));
            Set<String> strangers = strangers(names);
            if (strangers.size() > MOST_STRANGERS) {
                patience.within(HonestClients.BOUND_MS, "delete topics", () -> delete(strangers));
            }
        }
    }

    private <T> T ask(String what, KafkaFuture<T> answer) {
        return patience.within(HonestClients.BOUND_MS, what, answer::get);
    }

    private static Set<String> strangers(Set<String> names) {
        Set<String> strangers = new HashSet<>(names);
        strangers.removeAll(Known.TOPICS);
        strangers.removeAll(Known.TOPICS_TO_READ);
        return strangers;
    }

    /** Creates those that are missing; that the storm is faster, or the disk full, is no fault. */
    private Void createTopicsOfTheStorm(Set<String> there) throws InterruptedException {
        List<NewTopic> missing = new ArrayList<>();
        for (String name : Known.TOPICS) {
            if (!there.contains(name)) {
                missing.add(new NewTopic(name, PARTITIONS, (short) 1));
            }
        }
        return bear(admin.createTopics(missing).all());
    }

    private Void delete(Set<String> names) throws InterruptedException {
        return bear(admin.deleteTopics(names).all());
    }

    /** Deletes all topics of the storm; those in a folder that has failed stay. */
    void deleteTopicsOfTheStorm() throws Exception {
        Set<String> names = new HashSet<>(admin.listTopics().names().get());
        names.removeAll(Known.TOPICS_TO_READ);
        delete(names);
    }

    /** Deletes all groups of the storm as they become empty. {@return those that are still there after a while} */
    Set<String> deleteGroupsOfTheStorm() throws Exception {
        long giveUpNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(GROUPS_EMPTY_WITHIN_SECONDS);
        Set<String> groups = groups();
        while (!groups.isEmpty() && System.nanoTime() < giveUpNs) {
            bear(admin.deleteConsumerGroups(groups).all());
            TimeUnit.MILLISECONDS.sleep(BETWEEN_ROUNDS_MS);
            groups = groups();
        }
        return groups;
    }

    private Set<String> groups() throws Exception {
        Set<String> names = new HashSet<>();
        for (GroupListing group : admin.listGroups().valid().get()) {
            names.add(group.groupId());
        }
        names.remove(HonestMember.GROUP);
        return names;
    }

    private static Void bear(KafkaFuture<Void> answer) throws InterruptedException {
        try {
            answer.get();
        } catch (ExecutionException refused) {
            // How long it took is what counts.
        }
        return null;
    }
}
