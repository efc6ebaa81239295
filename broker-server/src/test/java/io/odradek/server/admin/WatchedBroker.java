package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.coordination.InProcessHome;
import io.odradek.core.coordination.JournalSettings;
import io.odradek.core.coordination.json.JsonObject;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.server.Broker;
import io.odradek.server.BrokerOptions;
import io.odradek.server.net.Transport;
import io.odradek.storage.env.Meters;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A broker with an admin listener, and a client of that. */
final class WatchedBroker implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();
    private final Broker broker;

    private WatchedBroker(Broker broker) {
        this.broker = broker;
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
        return send("GET", path);
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** {@return what the API answers with status 200} */
    JsonObject api(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/api" + path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JsonReader.readObject(answer.body().getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        broker.close();
    }
}
