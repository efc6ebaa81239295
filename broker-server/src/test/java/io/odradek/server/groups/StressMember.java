package io.odradek.server.groups;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** One life of a member of a group, on a thread of its own, until it leaves in order, is killed, or is fenced by its next life. */
final class StressMember implements ConsumerRebalanceListener {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(20);

    private final StressLedger ledger;
    private final Random random;
    private final boolean killed;
    private final boolean isStatic;
    private final String owner;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    private final Thread thread;
    private volatile boolean ended;

    /** @param killed whether it will go without a word: the old client has to know from the beginning */
    StressMember(
            String name,
            Map<String, Object> settings,
            boolean isStatic,
            boolean killed,
            long seed,
            StressLedger ledger) {
        this.ledger = ledger;
        this.killed = killed;
        this.random = new Random(seed);
        this.isStatic = isStatic;
        this.owner = isStatic ? name : name + "/" + Long.toHexString(seed);
        Map<String, Object> own = new HashMap<>(settings);
        own.put("client.id", owner);
        if (isStatic) {
            own.put("group.instance.id", name);
        }
        if (killed && !CloseChoice.isThere()) {
            own.put("internal.leave.group.on.close", false);
        }
        consumer = new KafkaConsumer<>(own, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        thread = new Thread(this::run, owner);
    }

    void start() {
        thread.start();
    }

    /** {@return whether it is a member, or means to be one} */
    boolean isAlive() {
        return !ended && thread.isAlive();
    }

    /** Has it end as it is meant to, and returns at once. */
    void end() {
        ended = true;
        if (killed) {
            thread.interrupt();
        }
    }

    void join() throws InterruptedException {
        thread.join();
    }

    private void run() {
        try {
            consumer.subscribe(List.of(KafkaClientsGroupStressTest.TOPIC), this);
            while (!ended) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    ledger.consumed(record.partition(), record.offset());
                    positions.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
                commitSometimes();
            }
        } catch (RuntimeException failure) {
            if (!isFenced(failure) && !(ended && killed)) {
                ledger.wrong(owner + " failed: " + told(failure));
            }
        } finally {
            ended = true;
            close();
        }
    }

    /** Clients before 4.1 know no other way to say how long it may take. */
    @SuppressWarnings("deprecation")
    private void close() {
        // A member is killed in the middle of whatever it does, and its thread is marked for it.
        Thread.interrupted();
        try {
            if (!killed) {
                consumer.close(CLOSE);
            } else if (CloseChoice.isThere()) {
                CloseChoice.abandon(consumer);
            } else {
                consumer.close(Duration.ZERO);
            }
        } catch (KafkaException failure) {
            if (!isFenced(failure) && !killed) {
                ledger.wrong(owner + " could not be closed: " + told(failure));
            }
        }
    }

    /** Its next life is here already, as may happen to a static member whatever it is about. */
    private boolean isFenced(Throwable failure) {
        return isStatic && causes(failure).anyMatch(FencedInstanceIdException.class::isInstance);
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }

    private static String told(Throwable failure) {
        return causes(failure).map(Throwable::toString).collect(Collectors.joining(" because of "));
    }

    private void commitSometimes() {
        switch (random.nextInt(6)) {
            case 0 -> commitNow();
            case 1, 2 ->
                consumer.commitAsync(Map.copyOf(positions), (committed, failure) -> {
                    if (failure == null) {
                        ledger.committed(committed);
                    }
                });
            default -> {
                // What it has consumed is committed with what comes next, or by somebody else again.
            }
        }
    }

    private void commitNow() {
        Map<TopicPartition, OffsetAndMetadata> committed = Map.copyOf(positions);
        try {
            consumer.commitSync(committed);
            ledger.committed(committed);
        } catch (CommitFailedException | RebalanceInProgressException outside) {
            // Whoever owns them in the next generation reads them again.
        } catch (RetriableException failure) {
            ledger.wrong(owner + " could not commit: " + told(failure));
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        if (!ended || !killed) {
            if (random.nextBoolean()) {
                commitNow();
            }
            positions.keySet().removeAll(revoked);
        }
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        positions.keySet().removeAll(lost);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        ledger.owns(consumer.groupMetadata().generationId(), owner, consumer.assignment());
        Map<Integer, Long> least = ledger.acknowledged(assigned);
        ledger.told(least, consumer.committed(new HashSet<>(assigned)));
    }

    /** Clients from 4.1 on are told when they are closed whether they leave their group. */
    private static final class CloseChoice {
        static boolean isThere() {
            try {
                Class.forName("org.apache.kafka.clients.consumer.CloseOptions");
                return true;
            } catch (ClassNotFoundException old) {
                return false;
            }
        }

        static void abandon(KafkaConsumer<?, ?> consumer) {
            consumer.close(CloseOptions.timeout(Duration.ZERO)
                    .withGroupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
        }
    }
}
