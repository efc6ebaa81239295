package io.odradek.server.net;

import io.odradek.server.embedded.EmbeddedBroker;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BrokerClientWithBrokerTest {
    private final LeakWatch watch = new LeakWatch();

    @AfterEach
    void noBufferIsLost() {
        watch.close();
    }

    @Test
    void aBrokerOfOursIsUnderstood() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            String[] parts = broker.bootstrapServers().split(":");
            ExchangeWithBroker.hold(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
        }
    }
}
