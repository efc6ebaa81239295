package io.odradek.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A broker with honest clients at work, and connections to misuse. */
final class HostileBed implements AutoCloseable {
    static final String TOPIC = "t";

    final EmbeddedBroker broker;
    final HonestClients honest;
    final BrokerLog log = new BrokerLog();
    private final List<RawClient> clients = new ArrayList<>();

    HostileBed(String... settings) throws IOException {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        broker = builder.start();
        createTopic(HonestClients.TOPIC, 1);
        createTopic(TOPIC, 3);
        honest = new HonestClients(broker.bootstrapServers());
    }

    void createTopic(String name, int partitions) throws IOException {
        CreatableTopic topic = new CreatableTopic(name, partitions, (short) 1, List.of(), List.of());
        CreateTopicsResponse created =
                connect().ask(new CreateTopicsRequest(List.of(topic), 10_000, false), 7, CreateTopicsResponse.class);
        assertThat(created.topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE);
    }

    RawClient connect() throws IOException {
        String[] address = broker.bootstrapServers().split(":");
        RawClient client = new RawClient(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        clients.add(client);
        return client;
    }

    /** The honest clients went on, and the log is free of stack traces. */
    void assertUnharmed() {
        honest.assertUndisturbed();
        assertThat(log.alarms()).isEmpty();
    }

    /** Drops what is closed already. */
    void forgetClosed() {
        clients.removeIf(client -> client.socket.isClosed());
    }

    /** Closes the connections that were opened. */
    void disconnect() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Override
    public void close() throws IOException {
        try {
            disconnect();
            honest.close();
        } finally {
            broker.close();
            log.close();
        }
        assertThat(log.alarms()).isEmpty();
    }
}
