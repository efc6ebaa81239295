package io.odradek.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.odradek.protocol.api.FetchRequest;
import io.odradek.protocol.api.FetchRequest.FetchPartition;
import io.odradek.protocol.api.FetchRequest.FetchTopic;
import io.odradek.protocol.wire.Uuid;
import io.odradek.server.certificates.Identity;
import io.odradek.server.certificates.Issuer;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.DataInputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that ask for much over TLS, and take it slowly. */
@Timeout(180)
class TlsSlowReadersTest {
    private static final Duration VALID = Duration.ofDays(1);
    private static final Issuer ROOT = new Issuer("CN=root", VALID);
    private static final Identity IDENTITY = ROOT.issue("CN=broker", List.of("127.0.0.1"), VALID);
    private static final int RECORDS = 20;
    private static final int RECORD_BYTES = 500_000;
    private static final int READERS = 12;
    private static final long MOST_DIRECT_BYTES = 40L << 20;

    @Test
    void holdNoMoreThanAFewPiecesAndGetAllInTheEnd() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.builder()
                .setting("listeners", "OPEN://127.0.0.1:0,TLS://127.0.0.1:0")
                .setting("listener.security.protocol.map", "OPEN:PLAINTEXT,TLS:SSL")
                .setting("inter.broker.listener.name", "OPEN")
                .setting("socket.send.buffer.bytes", "65536")
                .setting("ssl.keystore.type", "PEM")
                .setting("ssl.keystore.certificate.chain", IDENTITY.chainPem())
                .setting("ssl.keystore.key", IDENTITY.keyPem())
                .topic("topic", 1)
                .start()) {
            write(broker.bootstrapServers("OPEN"));
            long bytesBefore = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
            List<SSLSocket> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                SSLSocket reader = reader(TlsPeer.address(broker, "TLS"));
                readers.add(reader);
                reader.getOutputStream().write(RawClient.frame(fetch(), (short) 11, i));
            }
            List<DataInputStream> inputs = new ArrayList<>();
            for (SSLSocket reader : readers) {
                DataInputStream in = new DataInputStream(reader.getInputStream());
                inputs.add(in);
                assertThat(in.readInt()).isGreaterThan(RECORDS * RECORD_BYTES);
            }

            // All have begun to be answered, and more than 100 MB are on their way.
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - bytesBefore)
                    .isLessThan(MOST_DIRECT_BYTES);

            inputs.get(0).skipNBytes(RECORDS * RECORD_BYTES);
            for (SSLSocket reader : readers) {
                reader.close();
            }
            try (SSLSocket another = reader(TlsPeer.address(broker, "TLS"))) {
                another.getOutputStream().write(RawClient.frame(fetch(), (short) 11, 1));
                DataInputStream in = new DataInputStream(another.getInputStream());
                in.skipNBytes(in.readInt());
            }
        }
    }

    private static void write(String bootstrapServers) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>("topic", new byte[RECORD_BYTES]))
                        .get();
            }
        }
    }

    private static SSLSocket reader(InetSocketAddress address) throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 * 1024);
        socket.connect(address);
        return TlsPeer.shake(socket, ROOT.certificate());
    }

    private static FetchRequest fetch() {
        int most = 100_000_000;
        FetchPartition all = new FetchPartition(0, -1, 0L, -1, -1L, most, Uuid.ZERO);
        return new FetchRequest(
                null,
                -1,
                null,
                0,
                1,
                most,
                (byte) 0,
                0,
                -1,
                List.of(new FetchTopic("topic", Uuid.ZERO, List.of(all))),
                List.of(),
                "");
    }
}
