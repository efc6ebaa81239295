package io.odradek.server.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FaultsOverRestartTest {
    private static final int RESTARTS = 8;
    /** ApiVersions 0, which whoever has come so far is answered. */
    private static final byte[] QUESTION =
            ByteBuffer.allocate(14).putInt(10).putShort((short) 18).array();

    private volatile boolean done;

    @Test
    void aBrokerThatComesBackServesNobodyWithoutTheFaultsThatItHad() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            Fault fault = broker.faults().onAny().closeConnection();
            String[] address = broker.bootstrapServers().split(":");
            CompletableFuture<Integer> answers =
                    CompletableFuture.supplyAsync(() -> knock(address[0], Integer.parseInt(address[1])));
            for (int i = 0; i < RESTARTS; i++) {
                broker.restart();
            }
            fault.awaitStruck(Duration.ofSeconds(60));
            done = true;
            assertThat(answers.get()).isZero();
        }
    }

    /** {@return how often it was answered} */
    private int knock(String host, int port) {
        int answers = 0;
        while (!done) {
            try (Socket socket = new Socket(host, port)) {
                socket.getOutputStream().write(QUESTION);
                answers += socket.getInputStream().read() >= 0 ? 1 : 0;
            } catch (IOException refusedOrClosed) {
                Thread.onSpinWait();
            }
        }
        return answers;
    }
}
