package io.odradek.core.simulation;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.config.LiveConfig;
import io.odradek.core.engine.BrokerEngine;
import io.odradek.core.engine.EngineEnvironment;
import io.odradek.core.engine.EngineLoops;
import io.odradek.core.engine.EngineView;
import io.odradek.core.memory.MemoryAccount;
import io.odradek.core.metadata.MetadataImage.Endpoint;
import io.odradek.core.partition.OwnerLoop;
import io.odradek.core.partition.PartitionOwners;
import io.odradek.core.partition.SimulatedOwnerLoop;
import io.odradek.storage.env.EventLoop;
import io.odradek.storage.env.Guests;
import io.odradek.storage.env.SimulatedLoop;
import io.odradek.storage.io.FaultingFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.ObjIntConsumer;

/**
 * A broker of a simulated cluster, from one life of its process to the next, on a machine with a disk and a clock of its own.
 * What production does with threads is done here with loops: starting and stopping take their time, and may be cut short.
 */
final class BrokerProcess {
    static final int PORT = 9092;
    private static final int OWNERS = 2;
    private static final int BLOCKING_THREADS = 2;
    private static final int LONGEST_BLOCKING_MS = 3;

    private final ClusterWorld cluster;
    private final int id;
    private final SimulatedNode node;
    private final BrokerConfig config;
    private final ProcessClock clock;
    private final Random random;
    private final SimulatedLoop operator;
    private FaultingFileSystem disk;
    private Life life;
    private int lives;
    private IOException refusal;
    private ObjIntConsumer<SimulatedLoop> newOwnerLoop = (loop, owner) -> {};
    private Runnable lifeEnds = () -> {};

    /** @param settings the broker's; {@code broker.id} and {@code log.dirs} among them */
    BrokerProcess(ClusterWorld cluster, int id, Map<String, String> settings) {
        this.cluster = cluster;
        this.id = id;
        this.node = cluster.network().node("broker-" + id);
        this.config = BrokerConfig.of(settings);
        this.clock = new ProcessClock(cluster.world().clock());
        this.random = cluster.world().newRandom(node.toString());
        this.operator = cluster.world().newLoop(node + "-operator");
        newDisk();
    }

    private void newDisk() {
        disk = new FaultingFileSystem(random.nextLong());
        disk.useClock(clock);
    }

    /** From a start to the next end. */
    private final class Life {
        private final List<SimulatedLoop> loops = new ArrayList<>();
        private final List<SimulatedLoop> owners = new ArrayList<>();
        private final List<SimulatedLoop> ofTheDisk = new ArrayList<>();
        private final SimulatedLoop network = loop("network");
        private BrokerEngine engine;
        private boolean serving;
        private boolean stopping;
        private boolean paused;

        SimulatedLoop loop(String loopName) {
            SimulatedLoop loop = cluster.world().newLoop(node + "-" + loopName);
            loops.add(loop);
            return loop;
        }

        SimulatedLoop diskLoop(String loopName) {
            SimulatedLoop loop = loop(loopName);
            ofTheDisk.add(loop);
            return loop;
        }

        EngineEnvironment environment() {
            List<OwnerLoop> ownerLoops = new ArrayList<>();
            for (int i = 0; i < OWNERS; i++) {
                owners.add(diskLoop("owner-" + i));
                newOwnerLoop.accept(owners.get(i), i);
                ownerLoops.add(new SimulatedOwnerLoop(owners.get(i)));
            }
            List<EventLoop> commits = new ArrayList<>();
            for (int i = 0; i < config.logDirs().size(); i++) {
                commits.add(diskLoop("commit-" + i));
            }
            EventLoop control = loop("cluster");
            EngineLoops engineLoops = new EngineLoops(
                    ownerLoops,
                    control,
                    diskLoop("fetchers"),
                    random.nextBoolean() ? control : loop("store"),
                    diskLoop("log-io"),
                    List.of(),
                    List.of(diskLoop("cleaner")),
                    commits,
                    blocking());
            return new EngineEnvironment(
                    disk,
                    new Guests(clock, cluster.world().newRandoms(node + "-" + lives)),
                    engineLoops,
                    MemoryAccount.unbounded(),
                    cluster.coordination().openerFor(node, loop("session")),
                    cluster.network().client(node, network),
                    (folder, cause) -> operator.post(() -> halt(this)));
        }

        /** A pool: tasks begin in their order on whichever thread is free, and take their time. */
        private Executor blocking() {
            List<SimulatedLoop> threads = new ArrayList<>();
            for (int i = 0; i < BLOCKING_THREADS; i++) {
                threads.add(diskLoop("blocking-" + i));
            }
            return task -> threads.get(random.nextInt(BLOCKING_THREADS))
                    .schedule(random.nextInt(LONGEST_BLOCKING_MS + 1), task);
        }
    }

    int id() {
        return id;
    }

    SimulatedNode node() {
        return node;
    }

    FaultingFileSystem disk() {
        return disk;
    }

    ProcessClock clock() {
        return clock;
    }

    BrokerConfig config() {
        return config;
    }

    /** {@return whether requests are served} */
    boolean isServing() {
        return life != null && life.serving && !life.stopping;
    }

    /** {@return whether nothing of it runs} */
    boolean isDown() {
        return life == null;
    }

    /** {@return whether it is on its way down} */
    boolean isStopping() {
        return life != null && life.stopping;
    }

    /** {@return why the last start was refused, null if it was not} */
    IOException refusal() {
        return refusal;
    }

    /** {@return which life this is, from 1} */
    int lives() {
        return lives;
    }

    /** {@return the owners of its partitions, null while it is down} */
    PartitionOwners owners() {
        return life == null ? null : EngineView.owners(life.engine);
    }

    /** Says who is told of the loop of each owner, in each life. */
    void onOwnerLoop(ObjIntConsumer<SimulatedLoop> listener) {
        newOwnerLoop = listener;
    }

    /** Says who is told that a life has ended. */
    void onEnd(Runnable listener) {
        lifeEnds = listener;
    }

    /** Begins to start. It serves after a while, or it is down again: {@link #refusal}. */
    void start() {
        refusal = null;
        lives++;
        Life begun = new Life();
        try {
            begun.engine = BrokerEngine.open(new LiveConfig(config), begun.environment());
        } catch (IOException e) {
            refusal = e;
            begun.loops.forEach(SimulatedLoop::close);
            disk.kill();
            return;
        }
        life = begun;
        TreeMap<String, Endpoint> advertised = new TreeMap<>();
        advertised.put("PLAINTEXT", new Endpoint(node.toString(), PORT));
        node.listen(begun.network, begun.engine::receive);
        begun.engine.start(advertised).whenComplete((started, failure) -> operator.post(() -> started(begun, failure)));
    }

    private void started(Life begun, Throwable failure) {
        if (life != begun || begun.stopping) {
            return;
        }
        if (failure != null) {
            refusal = new IOException(failure);
            cluster.trace().line(node, "cannot start: " + failure);
            stop();
        } else {
            begun.serving = true;
            cluster.trace().line(node, "serves");
        }
    }

    /** Begins to stop, in the order in which production does. */
    void stop() {
        Life stopped = life;
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
        end(true);
        cluster.trace().line(node, "has stopped");
    }

    private void end(boolean stillPowered) {
        if (life != null) {
            life.loops.forEach(SimulatedLoop::close);
            life = null;
        }
        lifeEnds.run();
        cluster.network().processEnded(node, stillPowered);
        disk.kill();
    }

    /** The process ends where it is. */
    void kill() {
        end(true);
    }

    /** The machine ends where it is, and what its disk had not been told to keep may be lost. */
    void losePower() {
        end(false);
        disk.powerLoss(random);
    }

    /** The machine ends where it is, after its disk has been told to keep everything. */
    void standWithoutPower() {
        end(false);
    }

    /** The process ends, and its disk is replaced by an empty one. */
    void wipe() {
        end(true);
        newDisk();
    }

    /** The process stands still. */
    void pause() {
        if (life != null) {
            life.paused = true;
            life.loops.forEach(SimulatedLoop::pause);
        }
    }

    /** The process goes on. */
    void resume() {
        if (life != null && life.paused) {
            life.paused = false;
            life.loops.forEach(SimulatedLoop::resume);
        }
    }

    boolean isPaused() {
        return life != null && life.paused;
    }

    /** One of the threads that use the disk waits for it. */
    void stallDisk(int ms) {
        if (life == null || life.paused || life.ofTheDisk.isEmpty()) {
            return;
        }
        Life stalled = life;
        SimulatedLoop waiting = stalled.ofTheDisk.get(random.nextInt(stalled.ofTheDisk.size()));
        waiting.pause();
        operator.schedule(ms, () -> {
            if (!stalled.paused) {
                waiting.resume();
            }
        });
    }

    /** The last log folder has failed: production ends the process. */
    private void halt(Life halted) {
        if (life == halted) {
            cluster.trace().line(node, "halts: its last log folder has failed");
            kill();
        }
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
