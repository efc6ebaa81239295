package io.odradek.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.BrokerUnreachableException;
import io.odradek.core.transport.Purpose;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.HeartbeatRequest;
import io.odradek.protocol.api.HeartbeatResponse;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {
    private static final int VERSION = 4;
    private static final int TIMEOUT_MS = 1_000;

    private final SimulatedWorld world = new SimulatedWorld(SimulatedWorld.seedFromSystem());
    private final SimulatedNetwork network = new SimulatedNetwork(world);
    private final SimulatedNode server = network.node("server");
    private final SimulatedNode client = network.node("client");
    private final SimulatedLoop clientLoop = world.newLoop("client");
    private final BrokerConnection connection =
            network.client(client, clientLoop).connection("server", 9092, Purpose.of("PLAINTEXT", "test"), clientLoop);
    private final List<String> received = new ArrayList<>();
    private final List<RequestContext> unanswered = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private boolean answers = true;

    private void listen() {
        server.listen(world.newLoop("server"), (request, context) -> {
            received.add(((HeartbeatRequest) request).groupId());
            if (answers) {
                context.respond(new HeartbeatResponse(ErrorCode.NONE));
            } else {
                unanswered.add(context);
            }
        });
    }

    private void send(String name) {
        clientLoop.post(() -> connection
                .send(ApiKey.HEARTBEAT, VERSION, new HeartbeatRequest(name, 1, "", null), TIMEOUT_MS)
                .whenComplete((answer, failure) -> outcome(name, answer, failure)));
    }

    private void outcome(String name, BrokerAnswer answer, Throwable failure) {
        assertThat(clientLoop.inLoop()).isTrue();
        if (answer == null) {
            assertThat(failure).isInstanceOf(BrokerUnreachableException.class);
            outcomes.add(name + " failed");
        } else {
            assertThat(answer.response()).isInstanceOf(HeartbeatResponse.class);
            answer.close();
            outcomes.add(name);
        }
    }

    @Test
    void requestsArriveAndAreAnsweredInTheirOrder() {
        listen();
        for (int i = 0; i < 50; i++) {
            send("request " + i);
        }
        world.advanceMs(TIMEOUT_MS);
        assertThat(received).hasSize(50).isEqualTo(outcomes);
        assertThat(received.get(49)).isEqualTo("request 49");
    }

    @Test
    void whatIsSentWhileTheWayIsBlockedArrivesWhenItIsFreeAgain() {
        listen();
        send("before");
        world.advanceMs(200);
        network.block(client, server);
        send("blocked");
        world.advanceMs(200);
        assertThat(received).containsExactly("before");
        network.unblock(client, server);
        world.advanceMs(200);
        assertThat(outcomes).containsExactly("before", "blocked");
    }

    @Test
    void whenTheWayBackIsBlockedTheRequestIsCarriedOutAndTheAnswerDoesNotCome() {
        listen();
        send("first");
        world.advanceMs(200);
        network.block(server, client);
        send("second");
        world.advanceMs(2 * TIMEOUT_MS);
        assertThat(received).containsExactly("first", "second");
        assertThat(outcomes).containsExactly("first", "second failed");
    }

    @Test
    void noConnectionComesAboutWhenTheWayBackIsBlocked() {
        listen();
        network.block(server, client);
        send("request");
        world.advanceMs(2 * TIMEOUT_MS);
        assertThat(received).isEmpty();
        assertThat(outcomes).containsExactly("request failed");
    }

    @Test
    void aConnectionIsRefusedAtOnceWhereAMachineRunsAndNobodyListens() {
        server.ended(true);
        send("request");
        world.advanceMs(100);
        assertThat(outcomes).containsExactly("request failed");
    }

    @Test
    void aMachineWithoutPowerLetsThoseWhoConnectWait() {
        server.ended(false);
        send("request");
        world.advanceMs(TIMEOUT_MS - 1);
        assertThat(outcomes).isEmpty();
        world.advanceMs(1);
        assertThat(outcomes).containsExactly("request failed");
    }

    @Test
    void theEndOfAProcessEndsItsConnectionsAndTheNextRequestMakesANewOne() {
        listen();
        answers = false;
        send("lost");
        world.advanceMs(200);
        network.processEnded(server, true);
        world.advanceMs(200);
        assertThat(outcomes).containsExactly("lost failed");
        answers = true;
        listen();
        send("next");
        world.advanceMs(200);
        assertThat(outcomes).containsExactly("lost failed", "next");
    }

    @Test
    void aServerLearnsThatItsClientHasClosed() {
        listen();
        answers = false;
        send("request");
        world.advanceMs(200);
        boolean[] told = {false};
        unanswered.get(0).whenGone(() -> told[0] = true);
        clientLoop.post(connection::close);
        world.advanceMs(200);
        assertThat(told[0]).isTrue();
        assertThat(unanswered.get(0).isGone()).isTrue();
        assertThat(outcomes).containsExactly("request failed");
    }

    @Test
    void ofACutConnectionEveryRequestIsAnsweredOrFails() {
        listen();
        for (int i = 0; i < 300; i++) {
            send("request " + i);
            world.advanceMs(1);
            if (i % 7 == 0) {
                network.cutConnections(1);
            }
        }
        world.advanceMs(3 * TIMEOUT_MS);
        assertThat(outcomes).hasSize(300).anyMatch(outcome -> outcome.endsWith("failed"));
        List<String> answered =
                outcomes.stream().filter(outcome -> !outcome.endsWith("failed")).toList();
        assertThat(received).containsAll(answered).hasSizeGreaterThan(answered.size());
    }
}
