package io.odradek.core.simulation;

import io.odradek.core.transport.BrokerAnswer;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.BrokerConnection;
import io.odradek.core.transport.Purpose;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.MetadataRequest;
import io.odradek.protocol.api.MetadataResponse;
import io.odradek.storage.env.SimulatedLoop;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A client of a simulated cluster on a machine and a loop of its own: it does one thing after the other as long as the world goes on. */
abstract class ClusterClient {
    static final int METADATA_VERSION = 12;
    static final int REQUEST_TIMEOUT_MS = 8_000;
    private static final int METADATA_TIMEOUT_MS = 2_000;

    private static final int HELD_MS = 1_000;

    final ClusterWorld cluster;
    final ClusterClients shared;
    final Random random;
    private final String name;
    private final SimulatedLoop loop;
    private final BrokerClient network;
    private final Map<Integer, BrokerConnection> connections = new TreeMap<>();
    private final ClientMetadata metadata = new ClientMetadata();
    private long answers;

    ClusterClient(String name, ClusterWorld cluster, ClusterClients shared) {
        this.name = name;
        this.cluster = cluster;
        this.shared = shared;
        this.random = cluster.world().newRandom(name);
        this.loop = cluster.world().newLoop(name);
        this.network = cluster.network().client(cluster.network().node(name), loop);
    }

    /** Does the next thing; at its end {@link #pause} is called. */
    protected abstract void act();

    /** {@return whether what it does changes partitions, so that it does nothing while all is to be at rest} */
    protected boolean writes() {
        return true;
    }

    /** {@return the mean time between two things that it does} */
    protected abstract int meanPauseMs();

    /** Does something beside what it does anyway. */
    final void beside(Runnable task) {
        loop.post(task);
    }

    /** Goes on after a while. */
    final void pause() {
        pause(random.nextInt(2 * meanPauseMs()));
    }

    final void pause(int ms) {
        loop.schedule(ms, () -> {
            if (shared.isHeld() && writes()) {
                pause(HELD_MS);
            } else {
                act();
            }
        });
    }

    final ClientMetadata metadata() {
        return metadata;
    }

    /** {@return how many answers it has got} */
    final long answers() {
        return answers;
    }

    final String name() {
        return name;
    }

    final void trace(String what) {
        cluster.trace().line(name, what);
    }

    final boolean traces() {
        return cluster.trace().isDetailed();
    }

    /** Learns anew who leads, from any broker that answers, and goes on. */
    final void refresh() {
        refresh(random.nextInt(cluster.brokers().size()), cluster.brokers().size());
    }

    private void refresh(int index, int tries) {
        int asked = cluster.brokers().get(index % cluster.brokers().size()).id();
        MetadataRequest all = new MetadataRequest(null, false, false, false);
        send(asked, ApiKey.METADATA, METADATA_VERSION, all, METADATA_TIMEOUT_MS, answer -> {
            if (answer instanceof MetadataResponse response) {
                metadata.update(response);
                pause();
            } else if (tries > 1) {
                refresh(index + 1, tries - 1);
            } else {
                pause();
            }
        });
    }

    /**
     * Sends a request.
     *
     * @param answered is given the answer, or null if there is none
     */
    final void send(int broker, ApiKey api, int version, ApiRequest request, Consumer<ApiResponse> answered) {
        send(broker, api, version, request, REQUEST_TIMEOUT_MS, answered);
    }

    /** As {@link #send(int, ApiKey, int, ApiRequest, Consumer)}, for one that may be held up on purpose. */
    final void send(
            int broker, ApiKey api, int version, ApiRequest request, int timeoutMs, Consumer<ApiResponse> answered) {
        BrokerConnection connection = connections.computeIfAbsent(
                broker,
                id -> network.connection("broker-" + id, BrokerProcess.PORT, Purpose.of("PLAINTEXT", name), loop));
        connection.send(api, version, request, timeoutMs).whenComplete((answer, failure) -> {
            answers += answer == null ? 0 : 1;
            take(answer, answered);
        });
    }

    /** A failure in the end of a stage would be lost with the stage. */
    private void take(BrokerAnswer answer, Consumer<ApiResponse> answered) {
        try {
            answered.accept(answer == null ? null : answer.response());
        } catch (RuntimeException | Error e) {
            shared.failed(new AssertionError(name + ": " + e.getMessage(), e));
        } finally {
            if (answer != null) {
                answer.close();
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
