package io.odradek.server.login.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However a server behaves, it is asked for so long and for so much. */
@Timeout(60)
class BoundedHttpTest {
    private static final int TIMEOUT_MS = 700;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    private interface Answer {
        void to(HttpExchange exchange) throws Exception;
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        on("/keys", exchange -> {
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("keys".getBytes(UTF_8));
        });
        server.start();
    }

    @AfterEach
    void end() {
        over.countDown();
        server.stop(0);
        threads.shutdown();
    }

    private void on(String path, Answer answer) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answer.to(exchange);
            } catch (Exception hungUp) {
                exchange.close();
            }
        });
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static byte[] get(URI address) throws IOException {
        return new BoundedHttp(null, TIMEOUT_MS, TIMEOUT_MS, 10_000).get(address);
    }

    @Test
    void whatIsThereIsRead() throws Exception {
        assertThat(get(address("/keys"))).asString().isEqualTo("keys");
    }

    @Test
    void anythingButSuccessIsAFailure() {
        on("/error", exchange -> exchange.sendResponseHeaders(503, -1));

        assertThatThrownBy(() -> get(address("/error")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("503");
        assertThatThrownBy(() -> get(address("/nothing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("404");
    }

    @Test
    void whatIsTooLongIsNotReadToItsEnd() {
        on("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (over.getCount() > 0) {
                body.write(new byte[1000]);
            }
        });

        assertThatThrownBy(() -> get(address("/endless"))).hasMessageContaining("longer than 10000 bytes");
    }

    @Test
    void whatDripsIsNotWaitedFor() {
        on("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (!over.await(50, TimeUnit.MILLISECONDS)) {
                body.write('x');
                body.flush();
            }
        });

        assertEndsInTime(address("/drip"));
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedFor() throws IOException {
        on("/silent", exchange -> over.await());
        assertEndsInTime(address("/silent"));

        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertEndsInTime(URI.create("http://127.0.0.1:" + deaf.getLocalPort() + "/keys"));
        }
    }

    private static void assertEndsInTime(URI address) {
        long startNs = System.nanoTime();
        assertThatThrownBy(() -> get(address)).isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(20));
    }
}
