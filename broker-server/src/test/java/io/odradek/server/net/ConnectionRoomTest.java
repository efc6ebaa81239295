package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What connections that are held take of the room that the process has for connections. */
class ConnectionRoomTest {
    private static final int ROOM = 16;
    private static final int MOST_HELD = 1_000;

    @Test
    void thoseThatAreHeldLeaveRoomForThoseThatAreServed() {
        ConnectionLimits limits = ConnectionLimits.of(BrokerConfig.of(Map.of()));
        limits.allowAtMost(ROOM, "files");
        int held = 0;
        while (limits.tryHold(MOST_HELD)) {
            held++;
        }
        assertThat(held).isEqualTo(2);
        for (int i = 0; i < ROOM - held; i++) {
            assertThat(limits.tryAdd("PLAINTEXT", InetAddress.getLoopbackAddress()))
                    .isNull();
        }
        assertThat(limits.tryAdd("PLAINTEXT", InetAddress.getLoopbackAddress())).isEqualTo("files");
    }
}
