package io.odradek.server.tools.apis;

import io.odradek.server.tools.ToolException;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.LogContext;

/**
 * Asks brokers which APIs they serve, one after the other. The client for administration knows it and does not tell, so this goes
 * one storey deeper, to the connections that all clients of Kafka have, with their TLS and SASL.
 */
final class VersionProbe implements AutoCloseable {
    private final Metrics metrics = new Metrics();
    private final NetworkClient client;
    private final int connectWithinMs;
    private final int answerWithinMs;

    /** @param settings of a client for administration */
    VersionProbe(Map<String, Object> settings) {
        AdminClientConfig config = new AdminClientConfig(settings);
        connectWithinMs = Math.toIntExact(config.getLong(AdminClientConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG));
        answerWithinMs = config.getInt(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
        client = ClientUtils.createNetworkClient(
                config,
                config.getList(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
                "broker-api-versions",
                metrics,
                "api-versions",
                new LogContext(),
                new ApiVersions(),
                Time.SYSTEM,
                1,
                answerWithinMs,
                null,
                new ManualMetadataUpdater(),
                InetAddress::getAllByName,
                null,
                null);
    }

    /**
     * {@return what a broker serves}
     *
     * @throws IOException if it cannot be reached, or goes away
     * @throws ToolException if it does not answer in time
     */
    ApiVersionsResponseData ask(Node broker) throws IOException {
        if (!NetworkClientUtils.awaitReady(client, broker, Time.SYSTEM, connectWithinMs + answerWithinMs)) {
            throw new ToolException("it does not answer");
        }
        ApiVersionsResponse answer = (ApiVersionsResponse) NetworkClientUtils.sendAndReceive(
                        client,
                        client.newClientRequest(
                                broker.idString(), new ApiVersionsRequest.Builder(), Time.SYSTEM.milliseconds(), true),
                        Time.SYSTEM)
                .responseBody();
        Errors.forCode(answer.data().errorCode()).maybeThrow();
        return answer.data();
    }

    @Override
    public void close() {
        client.close();
        metrics.close();
    }
}
