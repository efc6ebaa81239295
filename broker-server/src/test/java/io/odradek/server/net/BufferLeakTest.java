package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.net.socket.Transport;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Every buffer is tracked, whatever becomes of its request and its connection. */
class BufferLeakTest {
    private static final HeartbeatRequest HEARTBEAT = new HeartbeatRequest("group", 1, "member", null);

    private final LeakWatch watch = new LeakWatch();

    @Test
    void noBufferIsLostByAnyEndOfAConnection() throws Exception {
        for (Transport transport : Transport.values()) {
            try (FrontEnd frontEnd = FrontEnd.answering(
                    transport, (request, context) -> context.respond(new HeartbeatResponse(ErrorCode.NONE)))) {
                for (int i = 0; i < 200; i++) {
                    end(i % 5, frontEnd);
                }
            }
        }

        watch.close();
    }

    private static void end(int way, FrontEnd frontEnd) throws Exception {
        byte[] frame = RawClient.frame(HEARTBEAT, (short) 3, 1);
        try (RawClient client = frontEnd.connect()) {
            switch (way) {
                case 0 -> {
                    client.send(frame);
                    client.receive();
                }
                case 1 -> client.send(frame, 0, frame.length / 2);
                case 2 ->
                    client.send(ByteBuffer.allocate(5000).putInt(1_000_000).array());
                case 3 -> {
                    client.send(new byte[] {-1, -1, -1, -1, 1, 2, 3});
                    assertThat(client.isClosedByPeer()).isTrue();
                }
                default -> {
                    client.send(frame);
                    client.send(frame);
                    client.socket.setSoLinger(true, 0);
                }
            }
        }
    }
}
