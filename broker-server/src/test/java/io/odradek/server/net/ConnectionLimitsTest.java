package io.odradek.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.odradek.protocol.api.AlterClientQuotasRequest;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntityData;
import io.odradek.protocol.api.AlterClientQuotasRequest.EntryData;
import io.odradek.protocol.api.AlterClientQuotasRequest.OpData;
import io.odradek.protocol.api.AlterClientQuotasResponse;
import io.odradek.protocol.api.ApiVersionsRequest;
import io.odradek.protocol.api.ApiVersionsResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.server.embedded.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits of one listener and of one address, on real sockets. */
@Timeout(120)
class ConnectionLimitsTest {
    private static final String CLIENTS = "CLIENTS";
    private static final String BROKERS = "BROKERS";

    private final List<RawClient> clients = new ArrayList<>();
    private EmbeddedBroker broker;

    /** @param settings names and values in turn */
    private void start(String... settings) {
        EmbeddedBroker.Builder builder = EmbeddedBroker.builder()
                .setting("listeners", "CLIENTS://127.0.0.1:0,BROKERS://127.0.0.1:0")
                .setting("listener.security.protocol.map", "CLIENTS:PLAINTEXT,BROKERS:PLAINTEXT")
                .setting("inter.broker.listener.name", BROKERS);
        for (int i = 0; i < settings.length; i += 2) {
            builder.setting(settings[i], settings[i + 1]);
        }
        broker = builder.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        broker.close();
    }

    private RawClient connect(String listener, int lastOfAddress) throws IOException {
        String servers = broker.bootstrapServers(listener);
        int colon = servers.lastIndexOf(':');
        InetSocketAddress address =
                new InetSocketAddress(servers.substring(0, colon), Integer.parseInt(servers.substring(colon + 1)));
        RawClient client =
                new RawClient(address, InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) lastOfAddress}));
        clients.add(client);
        return client;
    }

    private RawClient served(String listener, int lastOfAddress) throws IOException {
        RawClient client = connect(listener, lastOfAddress);
        assertThat(client.ask(new ApiVersionsRequest("", ""), 0, ApiVersionsResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
        return client;
    }

    private void set(String ip, double rate) throws IOException {
        AlterClientQuotasRequest request = new AlterClientQuotasRequest(
                List.of(new EntryData(
                        List.of(new EntityData("ip", ip)),
                        List.of(new OpData("connection_creation_rate", rate, false)))),
                false);
        assertThat(served(BROKERS, 1)
                        .ask(request, 1, AlterClientQuotasResponse.class)
                        .entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.errorCode()).isEqualTo(ErrorCode.NONE));
    }

    @Test
    void aListenerHasNoMoreThanIsSetForIt() throws IOException {
        start("listener.name.clients.max.connections", "2");
        RawClient first = served(CLIENTS, 1);
        served(CLIENTS, 1);

        assertThat(connect(CLIENTS, 1).isClosedByPeer()).isTrue();

        served(BROKERS, 1);
        served(BROKERS, 1);
        first.close();
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> served(CLIENTS, 1) != null);
    }

    @Test
    void brokersComeThoughThereAreAsManyAsMayBeAndWhoHasRestedLongestGoes() throws IOException {
        start("max.connections", "2");
        RawClient idle = served(CLIENTS, 1);
        RawClient busy = served(CLIENTS, 1);
        assertThat(connect(CLIENTS, 1).isClosedByPeer()).isTrue();

        served(BROKERS, 1);

        assertThat(idle.isClosedByPeer()).isTrue();
        assertThat(busy.ask(new ApiVersionsRequest("", ""), 0, ApiVersionsResponse.class)
                        .errorCode())
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aListenerTakesNoFasterThanItsRateAndOthersDoNotWait() throws IOException {
        start("listener.name.clients.max.connection.creation.rate", "10");
        long beganNs = System.nanoTime();
        for (int i = 0; i < 15; i++) {
            served(CLIENTS, 1);
        }
        // A second's worth comes at once, and five more within half a second.
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isGreaterThan(Duration.ofMillis(350));
        served(BROKERS, 1);
    }

    @Test
    void anAddressBeyondItsRateIsHeldUnservedAndClosedAndOthersAreServed() throws IOException {
        start("quota.window.num", "2");
        set("127.0.0.2", 0);
        long beganNs = System.nanoTime();
        RawClient tooMany = connect(CLIENTS, 2);
        tooMany.send(RawClient.frame(new ApiVersionsRequest("", ""), (short) 0, 1));

        served(CLIENTS, 3);
        served(CLIENTS, 1);

        assertThat(tooMany.isClosedByPeer()).isTrue();
        // For as long as the quota's windows are together.
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isGreaterThan(Duration.ofMillis(1_900));
        set("127.0.0.2", 1_000);
        served(CLIENTS, 2);
    }

    @Test
    void forAnAddressBeyondItsRateNobodyElseWaits() throws IOException {
        start("listener.name.clients.max.connection.creation.rate", "1");
        set("127.0.0.2", 0);
        for (int i = 0; i < 100; i++) {
            connect(CLIENTS, 2);
        }
        long beganNs = System.nanoTime();
        served(CLIENTS, 3);
        assertThat(Duration.ofNanos(System.nanoTime() - beganNs)).isLessThan(Duration.ofSeconds(50));
    }

    @Test
    void whereTooManyAreHeldTheNextOneIsClosedAtOnceAndAllGoWithTheBroker() throws IOException {
        start("odradek.connections.held.max", "1", "quota.window.size.seconds", "3600");
        set("127.0.0.2", 0);
        RawClient held = connect(CLIENTS, 2);

        assertThat(connect(CLIENTS, 2).isClosedByPeer()).isTrue();
        held.send(new byte[1]);

        broker.close();
        assertThat(held.isClosedByPeer()).isTrue();
    }

    @Test
    void aRateOfAllOthersIsNotForWhoHasOneOfItsOwnAndEndsWhenItIsTakenAway() throws IOException {
        start("quota.window.num", "2");
        set("127.0.0.1", 1_000);
        set(null, 0);
        served(CLIENTS, 1);
        assertThat(connect(CLIENTS, 2).isClosedByPeer()).isTrue();

        set(null, 1_000);

        served(CLIENTS, 2);
    }
}
