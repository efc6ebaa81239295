package io.odradek.server.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.odradek.server.embedded.EmbeddedBroker;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokersAtHandTest {
    private final BrokersAtHand atHand = new BrokersAtHand();
    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final EmbeddedBroker one = EmbeddedBroker.start();
    private final EmbeddedBroker two = EmbeddedBroker.start();

    @BeforeEach
    void startTheOtherThreadOfNoTest() throws Exception {
        elsewhere(() -> null);
    }

    @AfterEach
    void close() {
        other.shutdownNow();
        one.close();
        two.close();
    }

    private <T> T elsewhere(Callable<T> task) throws Exception {
        Future<T> done = other.submit(task);
        return done.get();
    }

    @Test
    void aTestWithinAClassGoesBeforeItAndGivesItBack() {
        atHand.enter("class", one);
        atHand.enter("test", two);
        assertThat(atHand.here()).isSameAs(two);
        atHand.leave("test");
        assertThat(atHand.here()).isSameAs(one);
        atHand.leave("class");
        assertThatThrownBy(atHand::here).hasMessageContaining("no test of this extension's runs now");
    }

    @Test
    void aThreadOfNoTestHasTheBrokerThatAllHave() throws Exception {
        atHand.enter("class", one);
        atHand.enter("test", one);
        assertThat(elsewhere(atHand::here)).isSameAs(one);
    }

    @Test
    void aThreadOfNoTestIsRefusedWhereTestsHaveDifferentOnes() throws Exception {
        atHand.enter("class", one);
        elsewhere(() -> {
            atHand.enter("other class", two);
            return null;
        });
        ExecutorService ofNone = Executors.newSingleThreadExecutor(task -> new Thread(task, "of none"));
        atHand.leave("class");
        try {
            ofNone.submit(() -> {}).get(); // Its thread is started while no test runs here.
            atHand.enter("class", one);
            assertThat(atHand.here()).isSameAs(one);
            assertThat(elsewhere(atHand::here)).isSameAs(two);
            assertThatThrownBy(() -> ofNone.submit(atHand::here).get())
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .rootCause()
                    .hasMessageContaining("run in parallel")
                    .hasMessageContaining("life(BrokerLife.RUN)");
        } finally {
            ofNone.shutdownNow();
        }
    }

    @Test
    void aThreadThatOutlivesTheTestWhichStartedItHasNotItsBroker() throws Exception {
        ExecutorService ofTest = Executors.newSingleThreadExecutor();
        try {
            atHand.enter("test", one);
            ofTest.submit(() -> {}).get();
            atHand.leave("test");
            atHand.enter("next test", two);
            assertThat(ofTest.submit(atHand::here).get()).isSameAs(two);
        } finally {
            ofTest.shutdownNow();
        }
    }
}
