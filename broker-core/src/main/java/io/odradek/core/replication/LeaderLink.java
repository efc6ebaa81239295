package io.odradek.core.replication;

import io.odradek.core.metadata.MetadataImage.BrokerInfo;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.storage.env.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A fetcher's way to one leader, to wherever the metadata say that it listens. Belongs to the fetcher's loop. */
final class LeaderLink {
    private final BrokerClient client;
    private final MetadataSource metadata;
    private final FetcherSettings settings;
    private final EventLoop loop;
    private final int leader;
    private final Purpose purpose;
    private Endpoint endpoint;
    private BrokerConnection connection;

    /** @param number tells this fetcher from others of the same leader */
    LeaderLink(
            BrokerClient client,
            MetadataSource metadata,
            FetcherSettings settings,
            EventLoop loop,
            int leader,
            int number) {
        this.client = client;
        this.metadata = metadata;
        this.settings = settings;
        this.loop = loop;
        this.leader = leader;
        this.purpose = new Purpose(
                settings.listener(),
                "broker-" + settings.brokerId() + "-fetcher-" + number,
                settings.bounds().receiveBufferBytes());
    }

    /** {@return the leader's answer}; see {@link BrokerConnection#send} */
    CompletionStage<BrokerAnswer> send(ApiKey api, int version, ApiRequest request) {
        try {
            return connection().send(api, version, request, settings.timing().timeoutMs());
        } catch (BrokerUnreachableException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private BrokerConnection connection() {
        BrokerInfo broker = metadata.image().brokers().get(leader);
        Endpoint now = broker == null ? null : broker.endpoints().get(settings.listener());
        if (now == null) {
            throw new BrokerUnreachableException(
                    "It is not known where broker " + leader + " listens for other brokers");
        }
        if (!now.equals(endpoint)) {
            close();
            connection = client.connection(now.host(), now.port(), purpose, loop);
            endpoint = now;
        }
        return connection;
    }

    void close() {
        if (connection != null) {
            connection.close();
            connection = null;
            endpoint = null;
        }
    }
}
