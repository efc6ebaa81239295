package io.odradek.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnstableTransactionsTest {
    private record Transaction(long first, long last) {}

    @Test
    void theFirstUnstableOffsetIsThatOfAListOfAllTransactions() {
        long seed = SimulatedWorld.seedFromSystem();
        Random random = new Random(seed);
        for (int life = 0; life < 200; life++) {
            UnstableTransactions transactions = new UnstableTransactions();
            List<Long> open = new ArrayList<>();
            List<Transaction> ended = new ArrayList<>();
            long highWatermark = 0;
            for (long offset = 0; offset < 300; offset++) {
                if (open.isEmpty() || random.nextInt(3) == 0) {
                    transactions.begin(offset);
                    open.add(offset);
                } else {
                    long first = open.remove(random.nextInt(open.size()));
                    long lastStable = open.stream().mapToLong(o -> o).min().orElse(offset + 1);
                    assertThat(transactions.end(first, offset)).isEqualTo(lastStable);
                    ended.add(new Transaction(first, offset));
                }
                highWatermark += random.nextInt((int) (offset + 2 - highWatermark));
                long known = highWatermark;
                long expected = LongStream.concat(
                                open.stream().mapToLong(o -> o),
                                ended.stream().filter(t -> t.last() >= known).mapToLong(Transaction::first))
                        .min()
                        .orElse(-1);
                if (random.nextBoolean()) {
                    assertThat(transactions.firstUnstableOffset(highWatermark))
                            .as("seed " + seed)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void beyondTheBoundOldTransactionsHoldUpTogether() {
        UnstableTransactions transactions = new UnstableTransactions();
        int count = UnstableTransactions.MAX_UNREPLICATED + 10;
        for (long i = 0; i < count; i++) {
            transactions.begin(2 * i);
            transactions.end(2 * i, 2 * i + 1);
        }
        assertThat(transactions.firstUnstableOffset(20)).isZero();
        assertThat(transactions.firstUnstableOffset(22)).isEqualTo(22);
        assertThat(transactions.firstUnstableOffset(2L * count - 1)).isEqualTo(2L * count - 2);
        assertThat(transactions.firstUnstableOffset(2L * count)).isEqualTo(-1);
    }
}
