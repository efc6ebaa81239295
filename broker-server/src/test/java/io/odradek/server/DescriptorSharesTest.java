package io.odradek.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorSharesTest {
    private static final int ANY = Integer.MAX_VALUE;
    private static final int CLOSED_FILES = 512;

    @ParameterizedTest
    @ValueSource(ints = {256, 1_024, 4_096, 20_000, 1_048_576, Integer.MAX_VALUE})
    void theSharesLeaveAReserve(int limit) {
        DescriptorShares shares = DescriptorShares.of(limit, ANY, CLOSED_FILES);

        long shared = (long) shares.connections() + shares.filesInUse() + shares.closedFiles();
        assertThat(shared).isLessThanOrEqualTo(limit - 128L).isGreaterThanOrEqualTo(limit / 2);
        assertThat(shares.connections()).isGreaterThanOrEqualTo(limit / 4);
        assertThat(shares.closedFiles()).isBetween(1, CLOSED_FILES);
        assertThat(shares.filesInUse()).isGreaterThan(shares.closedFiles());
    }

    @Test
    void connectionsThatMayNotBeLeaveTheirShareToFiles() {
        DescriptorShares shares = DescriptorShares.of(4_096, 100, CLOSED_FILES);

        assertThat(shares.connections())
                .as("with those of brokers, which max.connections does not count")
                .isEqualTo(164);
        assertThat(shares.filesInUse()).isGreaterThan(3_000);
        assertThat(shares.closedFiles()).isEqualTo(CLOSED_FILES);
    }

    @Test
    void aLimitThatIsTooSmallForAnythingLeavesSomethingOfEach() {
        DescriptorShares shares = DescriptorShares.of(64, ANY, CLOSED_FILES);

        assertThat(shares.connections()).isPositive();
        assertThat(shares.filesInUse()).isPositive();
        assertThat(shares.closedFiles()).isPositive();
    }

    @Test
    void theLimitIsTheOneThatIsInForceNow() {
        List<String> lines = List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max processes             95000                95000                processes ",
                "Max open files            4096                 524288               files     ");

        assertThat(DescriptorShares.limitIn(lines)).isEqualTo(4_096);
        assertThat(DescriptorShares.limitIn(List.of("Max open files   unlimited   unlimited   files")))
                .isZero();
        assertThat(DescriptorShares.limitIn(lines.subList(0, 2))).isZero();
    }

    @Test
    void whoeverIsRefusedIsToldOfTheLimit() {
        DescriptorShares shares = DescriptorShares.of(256, ANY, CLOSED_FILES);

        assertThat(shares.refusal()).contains("ulimit -n 256").contains(Integer.toString(shares.connections()));
        assertThat(shares.describe()).contains("256").contains(Integer.toString(shares.filesInUse()));
        assertThat(DescriptorShares.of(4_096, 1, CLOSED_FILES).refusal())
                .as("where that would be of no help")
                .contains("max.connections")
                .doesNotContain("ulimit");
    }
}
