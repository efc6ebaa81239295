package io.odradek.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ProduceRequest;
import io.odradek.protocol.api.ProduceRequest.PartitionProduceData;
import io.odradek.protocol.api.ProduceRequest.TopicProduceData;
import io.odradek.protocol.wire.BytesPayload;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What has been decrypted when a client is told to rest is kept, and served in its order afterwards. */
@Timeout(60)
class RestOverTlsTest {
    private static final short PRODUCE_VERSION = 8;
    private static final int REQUESTS = 200;

    @Test
    void whatCameInOneGoWithTooMuchIsServedAfterTheRest() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                        .tls()
                        .setting("quota.window.num", "2")
                        .start();
                SSLSocket socket = connect(broker)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OpData rate = new OpData("producer_byte_rate", 1_000, false);
            socket.getOutputStream()
                    .write(frame(
                            new AlterClientQuotasRequest(
                                    List.of(new EntryData(List.of(new EntityData("client-id", "raw")), List.of(rate))),
                                    false),
                            0,
                            1));
            receive(in);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(frame(produce(), PRODUCE_VERSION, 2));
            for (int i = 0; i < REQUESTS; i++) {
                all.write(frame(new ApiVersionsRequest("", ""), 0, 3 + i));
            }
            long beganNs = System.nanoTime();
            socket.getOutputStream().write(all.toByteArray());

            ByteBuffer produced = receive(in);
            assertThat(produced.getInt()).isEqualTo(2);
            int restMs = produced.getInt(produced.limit() - Integer.BYTES);
            assertThat(restMs).isBetween(500, 700);
            for (int i = 0; i < REQUESTS; i++) {
                assertThat(receive(in).getInt()).isEqualTo(3 + i);
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs))
                        .isGreaterThanOrEqualTo(restMs);
            }
        }
    }

    private static ProduceRequest produce() {
        BytesPayload records = new BytesPayload(ByteBuffer.allocate(1_500));
        return new ProduceRequest(
                null,
                (short) 1,
                1_000,
                List.of(new TopicProduceData("there-is-not", List.of(new PartitionProduceData(0, records)))));
    }

    private static byte[] frame(ApiRequest request, int version, int correlationId) {
        return RawClient.frame(request, (short) version, correlationId);
    }

    private static ByteBuffer receive(DataInputStream in) throws IOException {
        return ByteBuffer.wrap(in.readNBytes(in.readInt()));
    }

    private static SSLSocket connect(EmbeddedBroker broker) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, null);
        String servers = broker.bootstrapServers();
        int port = Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    /** It is not certificates that are tested here. */
    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // Whoever it is.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Whoever it is.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
