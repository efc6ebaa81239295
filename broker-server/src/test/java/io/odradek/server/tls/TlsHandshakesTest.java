package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.hostile.BrokerLog;
import io.odradek.server.net.RawClient;
import java.io.DataInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that do not speak TLS where it is spoken, or stop in the midst of it. */
@Timeout(180)
class TlsHandshakesTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);
    private static final Identity IDENTITY = ROOT.issue("CN=broker", List.of("127.0.0.1"), VALID);
    private static final byte[] BEGINNING_OF_A_HELLO = {0x16, 0x03, 0x01, 0x01};
    private static final int HALF_HANDSHAKES = 2_000;
    private static final long MOST_DIRECT_BYTES = 32L << 20;

    private final BrokerLog log = new BrokerLog();
    private final List<Socket> sockets = new ArrayList<>();
    private EmbeddedBroker broker;

    private void start(Map<String, String> more) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,TLS://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,TLS:SSL")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("ssl.keystore.type", "PEM")
                .setting("ssl.keystore.certificate.chain", IDENTITY.chainPem())
                .setting("ssl.keystore.key", IDENTITY.keyPem());
        more.forEach(builder::setting);
        broker = builder.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        broker.close();
        log.close();
        assertThat(log.alarms()).isEmpty();
    }

    private Socket connect(String listener, byte[] first) throws Exception {
        InetSocketAddress to = TlsPeer.address(broker, listener);
        Socket socket = new Socket(to.getAddress(), to.getPort());
        sockets.add(socket);
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(first);
        return socket;
    }

    private SSLSocket shake() throws Exception {
        SSLSocket socket = TlsPeer.shake(TlsPeer.address(broker, "TLS"), ROOT.certificate());
        sockets.add(socket);
        return socket;
    }

    private static void expectService(Socket socket) throws Exception {
        socket.getOutputStream().write(RawClient.frame(new ApiVersionsRequest("test", "1", null, -1), (short) 3, 7));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        assertThat(in.readInt()).isEqualTo(7);
        assertThat(in.readNBytes(length - Integer.BYTES)).hasSize(length - Integer.BYTES);
    }

    /** Whatever comes before that is the alert of TLS. */
    private static void expectEnd(Socket socket) throws Exception {
        try {
            byte[] rest = socket.getInputStream().readAllBytes();
            assertThat(rest.length).isLessThan(100);
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    @Test
    void whoSpeaksPlainlyWhereTlsIsSpokenIsClosedWithOneLine() throws Exception {
        start(Map.of());
        for (byte[] first : List.of(
                RawClient.frame(new ApiVersionsRequest("test", "1", null, -1), (short) 3, 7),
                "GET / HTTP/1.1\r\nCookie: hunter2\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            expectEnd(connect("TLS", first));
        }

        assertThat(log.lines("SSL handshake failed"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("Failed authentication with /127.0.0.1 (channelId=")
                        .endsWith("(SSL handshake failed: what came is not TLS)"));
        expectService(shake());
    }

    @Test
    void whoSpeaksTlsWhereOneSpeaksPlainlyIsClosedWithOneLine() throws Exception {
        start(Map.of());
        expectEnd(connect("OPEN", new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc}));

        assertThat(log.lines("what came is TLS, and this listener has none")).hasSize(1);
    }

    @Test
    void manyWhoFailAreToldOfInFewLines() throws Exception {
        start(Map.of());
        for (int i = 0; i < 100; i++) {
            connect("TLS", new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        for (Socket socket : sockets) {
            expectEnd(socket);
        }

        assertThat(log.lines("SSL handshake failed")).hasSizeLessThan(50).isNotEmpty();
    }

    @Test
    void aHandshakeThatStopsInItsMidstEndsAfterItsTime() throws Exception {
        start(Map.of("odradek.tls.handshake.timeout.ms", "500"));
        expectEnd(connect("TLS", BEGINNING_OF_A_HELLO));
        expectEnd(connect("TLS", new byte[0]));

        assertThat(log.lines("it was not done within 500 ms (odradek.tls.handshake.timeout.ms)"))
                .hasSize(2);
    }

    @Test
    void twoThousandHalfHandshakesHoldLittleAndDisturbNobody() throws Exception {
        start(Map.of("socket.listen.backlog.size", Integer.toString(HALF_HANDSHAKES)));
        SSLSocket before = shake();
        expectService(before);
        long bytesBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

        for (int i = 0; i < HALF_HANDSHAKES; i++) {
            connect("TLS", BEGINNING_OF_A_HELLO);
        }

        expectService(before);
        expectService(shake());
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - bytesBefore)
                .isLessThan(MOST_DIRECT_BYTES);
    }
}
