package io.odradek.core.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.coordinator.transaction.TransactionBed.Marking;
import io.odradek.core.coordinator.transaction.TransactionState.Prepare;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Producers of which several take themselves for the owner of one transactional id, a log that commits late or never, a
 * coordinator that moves and markers that are written late, in a random order. Each transaction writes to a partition of its
 * own, by which its markers are known.
 */
class RandomTransactionsTest {
    private static final int HISTORIES = 40;
    private static final int STEPS = 600;
    private static final int PRODUCERS = 3;

    @Test
    void everyTransactionEndsInOneWayAndInThatWhichItsProducerWasTold() {
        long seed = SimulatedWorld.seedFromSystem();
        int committed = 0;
        for (int history = 0; history < HISTORIES; history++) {
            committed += new History(seed + history).run();
        }
        assertThat(committed).as("seed %d: some were committed", seed).isGreaterThan(HISTORIES);
    }

    /** One history. */
    private static final class History {
        private final long seed;
        private final Random random;
        private final TransactionBed bed = new TransactionBed();
        private final List<Client> clients = new ArrayList<>();
        /** By partition: the outcomes that were written, and the one that a producer was told. */
        private final TreeMap<Integer, EnumSet<Outcome>> written = new TreeMap<>();

        private final TreeMap<Integer, Outcome> told = new TreeMap<>();
        private final TreeSet<Integer> added = new TreeSet<>();
        private int nextPartition;
        private int committed;

        private History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        /** A producer, which does one thing at a time. */
        private final class Client {
            private final short version = random.nextBoolean() ? Transactions.V1 : Transactions.V2;
            private Verdict producer;
            private boolean waits;
            private int partition = -1;

            void step() {
                if (waits) {
                    return;
                }
                if (producer == null || random.nextInt(20) == 0) {
                    init(random.nextInt(3) == 0 ? producer : null);
                } else if (partition < 0) {
                    add();
                } else if (random.nextInt(3) > 0) {
                    end(random.nextInt(3) > 0 ? Outcome.COMMIT : Outcome.ABORT);
                }
            }

            private void init(Verdict resumes) {
                waits = true;
                partition = -1;
                bed.coordinator.initProducerId(
                        TransactionBed.ID,
                        TransactionBed.TIMEOUT_MS,
                        resumes == null ? Producer.NO_ID : resumes.producerId(),
                        resumes == null ? Producer.NO_EPOCH : resumes.producerEpoch(),
                        verdict -> {
                            waits = false;
                            producer = verdict.error() == ErrorCode.NONE ? verdict : null;
                        });
            }

            private void add() {
                waits = true;
                int wanted = nextPartition++;
                bed.coordinator.addPartitions(
                        TransactionBed.ID,
                        producer.producerId(),
                        producer.producerEpoch(),
                        Transactions.partitions("t-" + wanted),
                        version,
                        error -> {
                            waits = false;
                            if (error == ErrorCode.NONE) {
                                partition = wanted;
                                added.add(wanted);
                            } else if (error == ErrorCode.PRODUCER_FENCED
                                    || error == ErrorCode.INVALID_PRODUCER_ID_MAPPING) {
                                producer = null;
                            }
                        });
            }

            private void end(Outcome outcome) {
                waits = true;
                bed.coordinator.end(
                        TransactionBed.ID,
                        producer.producerId(),
                        producer.producerEpoch(),
                        outcome,
                        version,
                        verdict -> {
                            waits = false;
                            if (verdict.error() == ErrorCode.NONE) {
                                told.put(partition, outcome);
                                committed += outcome == Outcome.COMMIT ? 1 : 0;
                                producer = version == Transactions.V2 ? verdict : producer;
                                partition = -1;
                            } else if (isFatal(verdict.error())) {
                                producer = null;
                            } // else it does not know, and asks again: for the same, or for something else
                        });
            }

            private boolean isFatal(ErrorCode error) {
                return switch (error) {
                    case PRODUCER_FENCED, INVALID_PRODUCER_ID_MAPPING, INVALID_TXN_STATE -> true;
                    default -> false;
                };
            }
        }

        /** {@return how many transactions were committed} */
        private int run() {
            for (int i = 0; i < PRODUCERS; i++) {
                clients.add(new Client());
            }
            for (int step = 0; step < STEPS; step++) {
                disturb();
                clients.get(random.nextInt(PRODUCERS)).step();
                bed.world.runUntilIdle();
                checkMarkers();
            }
            heal();
            for (TransactionStatus open : List.of(
                    TransactionStatus.ONGOING, TransactionStatus.PREPARE_COMMIT, TransactionStatus.PREPARE_ABORT)) {
                assertThat(bed.status()).as(what()).isNotEqualTo(open);
            }
            for (int partition : added) {
                assertThat(written.get(partition))
                        .as("%s: t-%d", what(), partition)
                        .hasSize(1);
            }
            told.forEach((partition, outcome) -> {
                if (partition >= 0) {
                    assertThat(written.get(partition))
                            .as("%s: t-%d", what(), partition)
                            .containsExactly(outcome);
                }
            });
            return committed;
        }

        private String what() {
            return "seed " + seed;
        }

        private void disturb() {
            switch (random.nextInt(24)) {
                case 0 -> bed.log.commitAtOnce(false);
                case 1, 2, 3 -> bed.log.commitAll();
                case 4 -> {
                    bed.log.commitAll();
                    bed.log.commitAtOnce(true);
                }
                case 5 -> bed.log.refuse(random.nextInt(3) == 0 ? ErrorCode.NOT_ENOUGH_REPLICAS : ErrorCode.NONE);
                case 6 -> bed.world.advanceMs(random.nextInt(20_000));
                case 7 -> failOver();
                case 8 -> bed.log.breakNextAppend(random.nextInt(4) == 0);
                case 9, 10, 11, 12, 13, 14, 15 -> answerAMarker();
                default -> {}
            }
            bed.world.runUntilIdle();
        }

        private void failOver() {
            if (random.nextInt(3) == 0) {
                bed.failOver();
            }
        }

        /** Whoever writes markers may tell of it after the coordinator has moved. */
        private void answerAMarker() {
            if (!bed.markings.isEmpty()) {
                Marking marking = bed.markings.remove(random.nextInt(bed.markings.size()));
                bed.markings.add(marking);
                bed.written();
            }
        }

        private void checkMarkers() {
            for (Marking marking : bed.markings) {
                for (TopicPartition id : marking.ended.partitions()) {
                    EnumSet<Outcome> outcomes =
                            written.computeIfAbsent(id.partition(), first -> EnumSet.noneOf(Outcome.class));
                    outcomes.add(marking.ended.outcome());
                    assertThat(outcomes).as("%s: %s", what(), id).hasSize(1);
                }
                Transaction stored = bed.log.batches().isEmpty() ? null : knownNow();
                if (stored != null && stored.state() instanceof Prepare prepare && !marking.stopped) {
                    assertThat(marking.ended.outcome()).as(what()).isEqualTo(prepare.outcome());
                }
            }
        }

        /** {@return what is known of the id, null if that is not committed or nobody serves} */
        private Transaction knownNow() {
            List<Transaction> known = new ArrayList<>();
            bed.coordinator.describe(TransactionBed.ID, (error, transaction) -> known.add(transaction));
            bed.world.runUntilIdle();
            return known.isEmpty() ? null : known.get(0);
        }

        /** All that is in the log is committed, all markers are written, and open transactions run out of time. */
        private void heal() {
            bed.log.refuse(ErrorCode.NONE);
            bed.log.breakNextAppend(false);
            bed.log.commitAtOnce(true);
            for (int round = 0; round < 40; round++) {
                bed.log.commitAll();
                bed.world.advanceMs(5_000);
                checkMarkers();
                while (!bed.markings.isEmpty()) {
                    bed.written();
                    checkMarkers();
                }
            }
        }
    }
}
