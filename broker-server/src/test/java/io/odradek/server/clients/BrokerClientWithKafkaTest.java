package io.odradek.server.clients;

import io.odradek.server.net.ExchangeWithBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BrokerClientWithKafkaTest {
    @TempDir
    Path folder;

    @Test
    void aBrokerOfKafkasIsUnderstood() throws Exception {
        Peer peer = new Peer("3.9.2", folder.resolve("peer"));
        try (RunningKafka kafka = RunningKafka.start(peer, folder.resolve("peer"), folder.resolve("data"))) {
            ExchangeWithBroker.hold(new InetSocketAddress(InetAddress.getLoopbackAddress(), kafka.port()));
        }
    }
}
