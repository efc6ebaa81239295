package io.odradek.core.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.metadata.MetadataImage;
import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.WriteTxnMarkersRequest;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BrokerLineTest {
    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());

    @Test
    void aFaultOnTheWayIsAnAnswerLikeAnyOther() {
        BrokerClient broken = new BrokerClient() {
            @Override
            public BrokerConnection connection(String host, int port, Purpose purpose, EventLoop loop) {
                throw new IllegalStateException("a fault");
            }

            @Override
            public InetAddress lookUp(String host) {
                return null;
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        TreeMap<Integer, BrokerInfo> brokers = new TreeMap<>(Map.of(
                2, new BrokerInfo(2, null, new TreeMap<>(Map.of("L", new Endpoint("two", 9092))))));
        BrokerLine line = BrokerLines.of(
                        broken,
                        () -> new MetadataImage("cluster", 1, brokers, new TreeMap<>(), Map.of()),
                        new BrokerLines.Listener("L", "client", 1_000),
                        world.newLoop("cluster"),
                        world.clock())
                .to(2);
        List<Throwable> told = new ArrayList<>();

        line.send(ApiKey.WRITE_TXN_MARKERS, 1, new WriteTxnMarkersRequest(List.of()))
                .whenComplete((answer, failure) -> told.add(failure));

        assertThat(told)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("a fault"));
    }
}
