package io.odradek.server.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.CreateTopicsRequest;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopic;
import io.odradek.protocol.api.CreateTopicsRequest.CreatableTopicConfig;
import io.odradek.protocol.api.FindCoordinatorRequest;
import io.odradek.protocol.api.FindCoordinatorResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.OpenedBroker;
import io.odradek.server.clients.Peer;
import io.odradek.server.clients.RunningKafka;
import io.odradek.server.embedded.EmbeddedBroker;
import io.odradek.server.net.RawClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A broker, and connections over which it is asked what it refuses. By hand, with {@code -Derrors.kafka=true}, the broker is one of
 * Apache Kafka 3.9.2, so that whoever doubts an expected error can ask it.
 */
final class ErrorsBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final boolean KAFKA = Boolean.getBoolean("errors.kafka");
    static final int TIMEOUT_MS = 20_000;

    private final Closeable broker;
    private final String servers;
    private final List<RawClient> clients = new ArrayList<>();
    private final RawClient client;

    private ErrorsBed(Closeable broker, String servers) throws IOException {
        this.broker = broker;
        this.servers = servers;
        this.client = connect();
    }

    /** @param settings names and values in turn */
    static ErrorsBed start(String... settings) throws Exception {
        if (KAFKA) {
            return startKafka(settings);
        }
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder();
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        EmbeddedBroker broker = builder.start();
        return new ErrorsBed(broker::close, broker.bootstrapServers());
    }

    /** One broker of a cluster that somebody else starts and stops. */
    static ErrorsBed of(EmbeddedBroker member) throws IOException {
        return new ErrorsBed(() -> {}, member.bootstrapServers());
    }

    /** A broker that is stopped with this. */
    static ErrorsBed of(OpenedBroker broker) throws IOException {
        return new ErrorsBed(broker::close, broker.bootstrapServers());
    }

    private static ErrorsBed startKafka(String... settings) throws Exception {
        Path folder = Files.createTempDirectory("errors-of-kafka");
        List<String> lines = new ArrayList<>(
                List.of("transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1"));
        for (int i = 0; i < settings.length; i += 2) {
            lines.add(settings[i] + "=" + settings[i + 1]);
        }
        RunningKafka kafka = RunningKafka.start(
                new Peer("3.9.2", folder.resolve("peer")),
                folder,
                folder.resolve("data"),
                lines.toArray(String[]::new));
        ErrorsBed bed = new ErrorsBed(
                () -> {
                    kafka.close();
                    try (Stream<Path> all = Files.walk(folder)) {
                        all.sorted(Comparator.reverseOrder())
                                .forEach(path -> path.toFile().delete());
                    }
                },
                kafka.bootstrapServers());
        MetadataRequest brokers = new MetadataRequest(List.of(), false, false, false);
        await().atMost(PATIENCE)
                .until(() ->
                        !bed.ask(brokers, 9, MetadataResponse.class).brokers().isEmpty());
        return bed;
    }

    String servers() {
        return servers;
    }

    Map<String, Object> clientProperties() {
        return Map.of("bootstrap.servers", servers);
    }

    /** A further connection: requests on one are served in turn. */
    RawClient connect() throws IOException {
        int colon = servers.lastIndexOf(':');
        RawClient connected = new RawClient(
                new InetSocketAddress(servers.substring(0, colon), Integer.parseInt(servers.substring(colon + 1))));
        clients.add(connected);
        return connected;
    }

    <R extends ApiResponse> R ask(ApiRequest request, int version, Class<R> type) throws IOException {
        return client.ask(request, version, type);
    }

    /** {@return the errors of an answer, in their order; none if all is well} */
    List<ErrorCode> errors(ApiRequest request, int version) throws IOException {
        return Answers.errors(client.ask(request, version, ApiResponse.class));
    }

    /** Asserts which errors an answer has, in whatever order. */
    void expect(ApiRequest request, int version, ErrorCode... expected) throws IOException {
        assertThat(errors(request, version))
                .as("%s in version %d", request, version)
                .containsExactlyInAnyOrder(expected);
    }

    /** As {@link #expect}, of what Kafka takes, or does not expect itself: it is not asked. */
    void expectHere(ApiRequest request, int version, ErrorCode... expected) throws IOException {
        if (!KAFKA) {
            expect(request, version, expected);
        }
    }

    /** {@return the id of the broker} */
    int brokerId() throws IOException {
        MetadataRequest brokers = new MetadataRequest(List.of(), false, false, false);
        return ask(brokers, 9, MetadataResponse.class).brokers().get(0).nodeId();
    }

    void create(String topic, int partitions, String... settings) throws IOException {
        List<CreatableTopicConfig> configs = new ArrayList<>();
        for (int i = 0; i < settings.length; i += 2) {
            configs.add(new CreatableTopicConfig(settings[i], settings[i + 1]));
        }
        CreatableTopic wanted = new CreatableTopic(topic, partitions, (short) 1, List.of(), configs);
        assertThat(errors(new CreateTopicsRequest(List.of(wanted), TIMEOUT_MS, false), 5))
                .as("creation of %s", topic)
                .isEmpty();
    }

    /** Waits until a group, or a transactional id, has its coordinator. @param type 0 or 1 */
    void awaitCoordinator(int type, String key) {
        await().atMost(PATIENCE)
                .until(() -> ask(
                                        new FindCoordinatorRequest(key, (byte) type, List.of(key)),
                                        3,
                                        FindCoordinatorResponse.class)
                                .errorCode()
                        == ErrorCode.NONE);
    }

    @Override
    public void close() throws IOException {
        for (RawClient connected : clients) {
            connected.close();
        }
        broker.close();
    }
}
