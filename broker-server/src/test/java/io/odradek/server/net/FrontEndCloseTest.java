package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.server.net.socket.Transport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrontEndCloseTest {
    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyConnectionEndsWithIt(Transport transport) throws Exception {
        for (int round = 0; round < 50; round++) {
            List<RawClient> clients = new ArrayList<>();
            try (FrontEnd frontEnd = FrontEnd.collecting(transport)) {
                for (int i = 0; i < 3; i++) {
                    RawClient client = frontEnd.connect();
                    client.send(new byte[] {0, 1, 0, 0, 0, 1, 0});
                    clients.add(client);
                }
            }
            for (RawClient client : clients) {
                client.socket.setSoTimeout(5_000);
                assertThat(client.isClosedByPeer()).as("round %d", round).isTrue();
                client.close();
            }
        }
    }
}
