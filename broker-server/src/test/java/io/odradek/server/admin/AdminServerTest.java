package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.odradek.core.config.BrokerConfig;
import io.odradek.server.env.SecureRandoms;
import io.odradek.server.env.SystemClock;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aBrokerThatServesIsHealthyAndReady() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder)) {
            assertThat(broker.get("/health").body()).isEqualTo("{\"healthy\":true}\n");
            assertThat(broker.get("/ready").body()).isEqualTo("{\"ready\":true}\n");
            assertThat(broker.get("/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void beforeAndAfterItIsHealthyAndNotReadyAndSaysWhy() throws Exception {
        BrokerConfig config = BrokerConfig.of(Map.of("admin.listeners", "http://:0"));
        Guests guests = new Guests(new SystemClock(), new SecureRandoms(), Meters.NONE);
        try (AdminServer server = AdminServer.start(config, guests)) {
            AdminClient client = new AdminClient(server.addresses().get(0));
            assertThat(client.get("/health").statusCode()).isEqualTo(200);
            assertThat(client.get("/ready").statusCode()).isEqualTo(503);
            assertThat(client.get("/ready").body())
                    .isEqualTo("{\"ready\":false,\"reason\":\"the broker is starting\"}\n");
            assertThat(client.get("/api/topics").body()).isEqualTo("{\"error\":\"the broker is starting\"}\n");
            assertThat(client.get("/metrics").statusCode()).isEqualTo(404);

            server.stops();
            assertThat(client.get("/health").statusCode()).isEqualTo(200);
            assertThat(client.get("/ready").body())
                    .isEqualTo("{\"ready\":false,\"reason\":\"the broker is stopping\"}\n");
        }
    }

    @Test
    void itListensOnThisMachineAloneAndInSeveralPlaces() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("admin.listeners", "http://:0,http://:0"))) {
            assertThat(broker.broker().adminAddresses())
                    .hasSize(2)
                    .allMatch(address -> address.getHost().equals("127.0.0.1") && address.getPort() > 0);
        }
    }

    @Test
    void afterTheStopNobodyListensAndNoThreadIsLeft() throws Exception {
        WatchedBroker broker = WatchedBroker.start(folder);
        broker.get("/api");
        URI address = broker.address();
        broker.close();

        assertThatThrownBy(() -> new Socket(address.getHost(), address.getPort()).close())
                .isInstanceOf(ConnectException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("odradek-admin"));
    }

    @Test
    void aPortThatIsTakenIsNamedInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String place = "http://127.0.0.1:" + taken.getLocalPort();

            assertThatThrownBy(() -> WatchedBroker.start(folder, Map.of("admin.listeners", place)))
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "Cannot listen on " + place + ": port " + taken.getLocalPort() + " is in use on 127.0.0.1");
        }
    }

    @Test
    void thePageIsServedWithItsOwnFilesAlone() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder)) {
            HttpResponse<String> page = broker.get("/");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
            assertThat(page.headers().firstValue("content-security-policy"))
                    .hasValueSatisfying(
                            policy -> assertThat(policy).contains("default-src 'none'", "script-src 'self'"));
            assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
            assertThat(page.headers().firstValue("access-control-allow-origin")).isEmpty();
            for (String file :
                    List.of("page.js", "parts.js", "topics.js", "groups.js", "others.js", "page.css", "icon.svg")) {
                assertThat(broker.get("/" + file).statusCode()).as(file).isEqualTo(200);
            }
            for (String other :
                    List.of("/Answer.class", "/page/page.js", "/..%2fpage.js", "/../page.js", "/index", "/ready/x")) {
                assertThat(broker.get(other).statusCode()).as(other).isEqualTo(404);
            }
        }
    }

    @Test
    void nothingCanBeChanged() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder)) {
            for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
                HttpResponse<String> answer = broker.send(method, "/api");
                assertThat(answer.statusCode()).isEqualTo(HttpURLConnection.HTTP_BAD_METHOD);
                assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
            }
            HttpResponse<String> head = broker.send("HEAD", "/health");
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void aNameThatSomebodyElseLedHereIsRefused() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("odradek.admin.host.names", "Broker.Example"))) {
            for (String host :
                    List.of("localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:9644", "10.0.0.1", "broker.example:80")) {
                assertThat(statusOf(broker, "GET /api HTTP/1.1\r\nHost: " + host))
                        .as(host)
                        .isEqualTo(200);
            }
            for (String host : List.of("evil.example", "localhost.evil.example", "", "[evil]", "[", "127.0.0.1.evil")) {
                assertThat(statusOf(broker, "GET /api HTTP/1.1\r\nHost: " + host))
                        .as(host)
                        .isEqualTo(421);
            }
            assertThat(statusOf(broker, "GET /health HTTP/1.1")).isEqualTo(421);
        }
    }

    @Test
    void openToOthersItAnswersMonitorsByWhateverNameAndTellsTheRestToNobody() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("admin.listeners", "http://0.0.0.0:0"))) {
            assertThat(statusOf(broker, "GET /health HTTP/1.1\r\nHost: broker-1:80"))
                    .isEqualTo(200);
            assertThat(statusOf(broker, "GET /api HTTP/1.1\r\nHost: broker-1:80"))
                    .isEqualTo(421);
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredAndTheConnectionClosed() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder)) {
            assertThat(statusOf(broker, "nonsense")).isEqualTo(400);
            assertThat(statusOf(broker, "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: localhost"))
                    .isEqualTo(400);
            assertThat(statusOf(broker, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000)))
                    .isEqualTo(400);
            assertThat(statusOf(broker, "GET /%zz HTTP/1.1\r\nHost: localhost")).isEqualTo(400);
            assertThat(statusOf(broker, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody"))
                    .isEqualTo(413);
        }
    }

    @Test
    void aRequestMayComeInPiecesAndAnotherOneAfterItsAnswer() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder);
                Socket socket = connect(broker)) {
            for (int i = 0; i < 3; i++) {
                for (String piece : List.of("GET /hea", "lth HTTP/1.1\r\nHo", "st: localhost\r\n", "\r\n")) {
                    socket.getOutputStream().write(piece.getBytes(ISO_8859_1));
                    broker.get("/health");
                }
                readUntil(socket, "{\"healthy\":true}\n");
            }
        }
    }

    @Test
    void whoDoesNotWaitForTheAnswerGetsThatOneAndNoMore() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder);
                Socket socket = connect(broker)) {
            String two = "GET /api HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(2);
            socket.getOutputStream().write(two.getBytes(ISO_8859_1));

            String answers = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answers)
                    .containsOnlyOnce("HTTP/1.1 200")
                    .contains("connection: close")
                    .contains("\"version\":1");
        }
    }

    @Test
    void whoTakesTooLongForARequestIsCutOff() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("odradek.admin.timeout.ms", "300"));
                Socket slow = connect(broker)) {
            slow.getOutputStream().write("GET /health HTT".getBytes(ISO_8859_1));

            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whoHoldsAllConnectionsKeepsNobodyOut() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("odradek.admin.max.connections", "4"))) {
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                held.add(connect(broker));
            }

            assertThat(broker.get("/ready").statusCode()).isEqualTo(200);
            assertThat(held.get(0).getInputStream().read()).isEqualTo(-1);
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void whoTakesNoAnswersHoldsUpNobody() throws Exception {
        try (WatchedBroker broker = WatchedBroker.start(folder, Map.of("odradek.admin.timeout.ms", "1000"))) {
            List<Socket> deaf = new ArrayList<>();
            byte[] many = "GET /topics.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    .repeat(2_000)
                    .getBytes(ISO_8859_1);
            for (int i = 0; i < 10; i++) {
                Socket socket = connect(broker);
                deaf.add(socket);
                Thread sender = new Thread(() -> {
                    try {
                        socket.getOutputStream().write(many);
                    } catch (IOException cutOff) {
                        // As it should be.
                    }
                });
                sender.setDaemon(true);
                sender.start();
            }
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(broker.get("/api").statusCode()).isEqualTo(200));
            assertThat(broker.get("/ready").statusCode()).isEqualTo(200);
            for (Socket socket : deaf) {
                socket.close();
            }
        }
    }

    private static int statusOf(WatchedBroker broker, String head) throws IOException {
        try (Socket socket = connect(broker)) {
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
                line.append((char) next);
            }
            return Integer.parseInt(line.toString().split(" ")[1]);
        }
    }

    private static void readUntil(Socket socket, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().endsWith(end)) {
            int next = socket.getInputStream().read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
    }

    private static Socket connect(WatchedBroker broker) throws IOException {
        Socket socket = new Socket(broker.address().getHost(), broker.address().getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }
}
