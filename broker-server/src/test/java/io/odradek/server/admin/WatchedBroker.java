package io.odradek.server.admin;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.json.JsonObject;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.net.socket.Transport;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A broker with an admin listener, and a client of that. */
final class WatchedBroker implements AutoCloseable {
    private final AdminClient client;
    private final Broker broker;

    private WatchedBroker(Broker broker) {
        this.broker = broker;
        this.client = new AdminClient(address());
    }

    static WatchedBroker start(Path folder) throws IOException {
        return start(folder, Map.of());
    }

    static WatchedBroker start(Path folder, Map<String, String> settings) throws IOException {
        return start(folder, settings, Meters.NONE);
    }

    static WatchedBroker start(Path folder, Map<String, String> settings, Meters meters) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0",
                "log.dirs", folder.toString(),
                "admin.listeners", "http://:0",
                "offsets.topic.num.partitions", "3",
                "transaction.state.log.num.partitions", "3",
                "offsets.topic.replication.factor", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0"));
        all.putAll(settings);
        return new WatchedBroker(Broker.start(
                BrokerConfig.of(all),
                new BrokerOptions(
                        Transport.NIO,
                        true,
                        meters,
                        InProcessHome.journalled(JournalSettings.EMBEDDED),
                        (failed, cause) -> {})));
    }

    Broker broker() {
        return broker;
    }

    String bootstrapServers() {
        return broker.advertised().values().iterator().next().hostAndPort();
    }

    /** {@return where it may be looked at} */
    URI address() {
        return broker.adminAddresses().get(0);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.get(path);
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(method, path);
    }

    /** {@return what the API answers with status 200} */
    JsonObject api(String path) throws IOException, InterruptedException {
        return client.api(path);
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
