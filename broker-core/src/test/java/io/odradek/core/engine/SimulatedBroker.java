package io.odradek.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.coordination.CoordinationHome;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.Partition;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.core.transport.BrokerClient;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.TopicPartition;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.env.SimulatedWorld;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A broker's whole engine in a simulated world, on a disk that fails on purpose, from one life to the next. What production
 * does with threads is done here with loops: starting and stopping take their time, may be cut short by {@link #kill}, and
 * requests come meanwhile. Several of them may live in one world.
 */
final class SimulatedBroker {
    private static final int OWNERS = 2;
    private static final int BLOCKING_THREADS = 2;
    private static final int LONGEST_BLOCKING_MS = 3;

    private final String name;
    private final SimulatedWorld world;
    private final FaultingFileSystem disk;
    private final BrokerConfig config;
    private final CoordinationHome.Opener coordination;
    private final Random random;
    private final SimulatedLoop operator;
    private Life life;
    private int lives;
    private IOException refusal;
    private Deque<Runnable> held;
    private ConnectionContext connection = SimulatedRequest.ANYBODYS;

    /** @param settings the broker's; {@code log.dirs} among them */
    SimulatedBroker(
            String name,
            SimulatedWorld world,
            FaultingFileSystem disk,
            Map<String, String> settings,
            CoordinationHome.Opener coordination) {
        this.name = name;
        this.world = world;
        this.disk = disk;
        this.config = BrokerConfig.of(settings);
        this.coordination = coordination;
        this.random = world.newRandom(name);
        this.operator = world.newLoop(name + "-operator");
    }

    /** From a start to the next end. */
    private final class Life {
        private final List<SimulatedLoop> loops = new ArrayList<>();
        private final List<SimulatedLoop> owners = new ArrayList<>();
        private final Set<SimulatedRequest> open = new LinkedHashSet<>();
        private BrokerEngine engine;
        private boolean serving;
        private boolean stopping;

        SimulatedLoop loop(String loopName) {
            SimulatedLoop loop = world.newLoop(name + "-" + loopName);
            loops.add(loop);
            return loop;
        }

        EngineEnvironment environment() {
            List<OwnerLoop> ownerLoops = new ArrayList<>();
            for (int i = 0; i < OWNERS; i++) {
                owners.add(loop("owner-" + i));
                ownerLoops.add(new SimulatedOwnerLoop(owners.get(i)));
            }
            List<EventLoop> commits = new ArrayList<>();
            for (int i = 0; i < config.logDirs().size(); i++) {
                commits.add(loop("commit-" + i));
            }
            EventLoop cluster = loop("cluster");
            EngineLoops engineLoops = new EngineLoops(
                    ownerLoops,
                    cluster,
                    loop("fetchers"),
                    random.nextBoolean() ? cluster : loop("store"),
                    loop("log-io"),
                    List.of(),
                    List.of(loop("cleaner")),
                    commits,
                    blocking());
            return new EngineEnvironment(
                    disk,
                    new Guests(world.clock(), world.newRandoms(name + "-" + lives)),
                    engineLoops,
                    MemoryAccount.unbounded(),
                    coordination,
                    BrokerClient.NONE,
                    (folder, cause) -> operator.post(() -> halt(this)));
        }

        /** A pool: tasks begin in their order on whichever thread is free, and take their time. */
        private Executor blocking() {
            List<SimulatedLoop> threads = new ArrayList<>();
            for (int i = 0; i < BLOCKING_THREADS; i++) {
                threads.add(loop("blocking-" + i));
            }
            return task -> {
                if (held != null) {
                    held.add(task);
                    return;
                }
                threads.get(random.nextInt(BLOCKING_THREADS)).schedule(random.nextInt(LONGEST_BLOCKING_MS + 1), task);
            };
        }

        void end() {
            loops.forEach(SimulatedLoop::close);
            List.copyOf(open).forEach(SimulatedRequest::drop);
        }
    }

    /** {@return whether requests are served} */
    boolean isServing() {
        return life != null && life.serving && !life.stopping;
    }

    /** {@return whether nothing of it runs} */
    boolean isDown() {
        return life == null;
    }

    /** {@return why the last start was refused, null if it was not} */
    IOException refusal() {
        return refusal;
    }

    /** Begins to start. It serves after a while, or it is down again: {@link #refusal}. */
    void start() {
        assertThat(isDown()).as("down").isTrue();
        refusal = null;
        lives++;
        Life begun = new Life();
        try {
            begun.engine = BrokerEngine.open(new LiveConfig(config), begun.environment());
        } catch (IOException e) {
            refusal = e;
            begun.end();
            return;
        }
        life = begun;
        begun.engine
                .start(new TreeMap<>(Map.of("PLAINTEXT", new Endpoint(name, 9092))))
                .whenComplete((started, failure) -> operator.post(() -> started(begun, failure)));
    }

    private void started(Life begun, Throwable failure) {
        if (life != begun || begun.stopping) {
            return;
        }
        if (failure != null) {
            refusal = new IOException(failure);
            stop();
        } else {
            begun.serving = true;
        }
    }

    /** Begins to stop, in the order in which production does. */
    void stop() {
        Life stopped = life;
        assertThat(stopped.stopping).as("stopping already").isFalse();
        stopped.stopping = true;
        stopped.engine.stopServing().whenComplete((left, failure) -> operator.post(() -> endOwners(stopped)));
    }

    /** After what has been posted to them. */
    private void endOwners(Life stopped) {
        int[] running = {stopped.owners.size()};
        for (SimulatedLoop owner : stopped.owners) {
            owner.post(() -> {
                owner.close();
                if (--running[0] == 0) {
                    operator.post(() -> close(stopped));
                }
            });
        }
    }

    private void close(Life stopped) {
        if (life != stopped) {
            return;
        }
        try {
            stopped.engine.close();
        } catch (IOException e) {
            // A folder that could not be closed well has no mark, and is recovered at the next start.
        }
        stopped.end();
        life = null;
    }

    /** The process ends where it is. */
    void kill() {
        if (life != null) {
            life.end();
            life = null;
        }
        disk.kill();
    }

    /** The machine ends where it is. */
    void losePower() {
        kill();
        disk.powerLoss(random);
    }

    /** The last log folder has failed: production ends the process. */
    private void halt(Life halted) {
        if (life == halted) {
            kill();
        }
    }

    /** Has requests come over another connection from now on. */
    void connection(ConnectionContext next) {
        connection = next;
    }

    /**
     * Sends a request, on the calling loop.
     *
     * @param answered is given the answer on that loop, or null if the connection was closed or no answer was wanted
     */
    SimulatedRequest send(
            SimulatedLoop client, ApiKey api, int version, ApiRequest body, Consumer<ApiResponse> answered) {
        Life receiver = life;
        SimulatedRequest request = new SimulatedRequest(api, version, body, connection, done -> {
            if (receiver != null) {
                receiver.open.remove(done);
            }
            client.schedule(random.nextInt(2), () -> answered.accept(done.answer()));
        });
        if (receiver == null || receiver.engine == null) {
            request.drop();
        } else {
            receiver.open.add(request);
            request.handTo(receiver.engine);
        }
        return request;
    }

    /** {@return what is to be done in the background from now on: nothing does it but the test} */
    Deque<Runnable> holdBackground() {
        held = new ArrayDeque<>();
        return held;
    }

    /** {@return the requests that have not been completed} */
    Set<SimulatedRequest> open() {
        return life == null ? Set.of() : life.open;
    }

    /** {@return whether it has a handler for requests of an API} */
    boolean serves(ApiKey api) {
        return life.engine.serves(api);
    }

    /** {@return its replica of a partition} */
    Partition partition(TopicPartition id) {
        return life.engine.owners().ownerOf(id).partition(id);
    }

    /** {@return how many operations are parked with the owners} */
    int parked() {
        int parked = 0;
        for (int i = 0; i < life.engine.owners().count(); i++) {
            parked += life.engine.owners().owner(i).purgatory().size();
        }
        return parked;
    }

    @Override
    public String toString() {
        return name;
    }
}
