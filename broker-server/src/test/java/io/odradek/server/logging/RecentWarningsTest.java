package io.odradek.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.logging.RecentWarnings.Warning;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentWarningsTest {
    private final Logger logger = Logger.getLogger("recent.warnings.Test");

    @BeforeEach
    void keep() {
        RecentWarnings.keep();
    }

    @AfterEach
    void forget() {
        RecentWarnings.keepNoMore();
    }

    @Test
    void whatIsSaidAgainAndAgainDisplacesNothingElse() {
        logger.warning("The disk is full");
        for (int i = 0; i < 1_000; i++) {
            logger.log(Level.SEVERE, "A peer is away");
        }

        assertThat(RecentWarnings.ofThisProcess())
                .filteredOn(warning -> warning.logger().equals("Test"))
                .extracting(Warning::message)
                .containsExactly("A peer is away", "The disk is full");
    }
}
