package io.odradek.core.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * What goes wrong in a simulated cluster, as the seed decides, within a budget.
 *
 * <p><b>The fault model.</b> Nothing that was acknowledged with acks=all may be lost, nor anything that a consumer has read,
 * whatever happens of these, to as many brokers as it may be and one over the other: the end and the restart of processes,
 * processes that stand still, messages that are late, connections that are lost, ways that are blocked between any machines,
 * sessions that expire, answers of the coordination that are lost, clocks that jump, disks that are slow, full or
 * broken. A process that is killed leaves on its disk what it has written.
 *
 * <p>Two faults take records away that were written: a disk is replaced by an empty one, and a machine loses its power where
 * logs are not forced before records are acknowledged ({@code log.flush.policy=interval}). With a minimum of two replicas in
 * sync one disk may be lost at a time: such a fault comes alone, when all replicas of all partitions are in sync, and nothing
 * else goes wrong until they are again. (Neither Kafka nor this broker promises more: a replica that comes back empty is
 * a member of the replicas in sync until the controller has seen that it was away.) Where logs are forced, a power loss
 * takes nothing away that counts, and is a fault like the others.
 *
 * <p>Replicas may be moved meanwhile, to two brokers and back to all, which takes nothing away either; not where a disk is
 * lost or a broker stays away, whom the others are to get on without.
 *
 * <p>While something is wrong nothing is promised of progress; once all is mended, there has to be some within a bound.
 */
final class ClusterFaults {
    /** How many may go on at once. */
    private static final int MOST_AT_ONCE = 3;

    private static final int LONG_MS = 120_000;

    private final ClusterWorld cluster;
    private final Random random;
    private final boolean forced;
    private final List<Path> folders;

    /**
     * @param forced whether logs are forced before records are acknowledged
     * @param folders the log folders of each broker
     */
    ClusterFaults(ClusterWorld cluster, Random random, boolean forced, List<Path> folders) {
        this.cluster = cluster;
        this.random = random;
        this.forced = forced;
        this.folders = folders;
    }

    int mostAtOnce() {
        return MOST_AT_ONCE;
    }

    /** {@return the next thing that goes wrong and takes nothing away} */
    Fault next() {
        BrokerProcess broker = any();
        return switch (random.nextInt(20)) {
            case 0, 1, 2 -> end("kill", broker, broker::kill);
            case 3 -> forced ? end("power loss of", broker, broker::losePower) : end("kill", broker, broker::kill);
            case 4, 5 -> pause(broker);
            case 6, 7 -> isolated(broker);
            case 8, 9 -> awayFromCoordination(broker);
            case 10 -> blockedPair(broker);
            case 11 -> Fault.once("cut connections", () -> cluster.network().cutConnections(1 + random.nextInt(4)));
            case 12 ->
                Fault.once(
                        "expire the session of " + broker,
                        () -> cluster.coordination().expire(broker.toString()));
            case 13 ->
                Fault.once(
                        "lose answers of the coordination to " + broker,
                        () -> cluster.coordination().cutConnections(broker.toString()));
            case 14 -> lostWrites(broker);
            case 15 -> coordinationAway();
            case 16 -> slow(broker);
            case 17 -> random.nextBoolean() ? slowDisk(broker) : clock(broker);
            case 18 -> random.nextBoolean() ? fullDisk(broker) : brokenDisk(broker);
            default -> stopped(broker);
        };
    }

    /** {@return a fault that takes records away: it comes alone, and all has to be in sync before and after} */
    Fault lossy() {
        return lossy(any());
    }

    /** {@return such a fault of one broker} */
    Fault lossy(BrokerProcess broker) {
        return random.nextBoolean() || forced
                ? end("wipe", broker, broker::wipe)
                : end("power loss of", broker, broker::losePower);
    }

    /** {@return a broker that is away for as long as it is wanted} */
    Fault away() {
        BrokerProcess broker = any();
        return switch (random.nextInt(4)) {
            case 0 -> new Fault("pause " + broker, LONG_MS, broker::pause, broker::resume);
            case 1 -> {
                List<SimulatedNode[]> ways = new ArrayList<>();
                cluster.network().nodes().stream()
                        .filter(other -> other != broker.node())
                        .forEach(other -> ways(ways, broker.node(), other, 0));
                yield blocked("no way " + broker + ", for anybody", LONG_MS, ways);
            }
            case 2 ->
                new Fault("lose the power of " + broker, LONG_MS, broker::standWithoutPower, () -> startAgain(broker));
            default -> new Fault("kill " + broker, LONG_MS, broker::kill, () -> startAgain(broker));
        };
    }

    private BrokerProcess any() {
        return cluster.brokers().get(random.nextInt(cluster.brokers().size()));
    }

    private int ms(int most) {
        // Many short ones, some long ones.
        IntUnaryOperator draw = bound -> random.nextInt(Math.max(1, bound));
        return 1 + draw.applyAsInt(1 + draw.applyAsInt(most));
    }

    private Fault end(String how, BrokerProcess broker, Runnable ending) {
        return new Fault(how + " " + broker, ms(40_000), ending, () -> startAgain(broker));
    }

    private static void startAgain(BrokerProcess broker) {
        if (broker.isDown()) {
            broker.start();
        }
    }

    /** In good order, if it is in a state to. */
    private Fault stopped(BrokerProcess broker) {
        return new Fault(
                "stop " + broker,
                ms(30_000),
                () -> {
                    if (broker.isServing()) {
                        broker.stop();
                    }
                },
                () -> {
                    if (broker.isStopping()) {
                        broker.kill();
                    }
                    startAgain(broker);
                });
    }

    private Fault pause(BrokerProcess broker) {
        return new Fault("pause " + broker, ms(30_000), broker::pause, broker::resume);
    }

    private Fault blocked(String name, int durationMs, List<SimulatedNode[]> ways) {
        return new Fault(
                name,
                durationMs,
                () -> ways.forEach(way -> cluster.network().block(way[0], way[1])),
                () -> ways.forEach(way -> cluster.network().unblock(way[0], way[1])));
    }

    /** The directions between two machines that are blocked: both, or only one. */
    private static void ways(List<SimulatedNode[]> ways, SimulatedNode a, SimulatedNode b, int shape) {
        if (shape != 1) {
            ways.add(new SimulatedNode[] {a, b});
        }
        if (shape != 2) {
            ways.add(new SimulatedNode[] {b, a});
        }
    }

    private static String shapeName(int shape) {
        return switch (shape) {
            case 1 -> "to ";
            case 2 -> "from ";
            default -> "";
        };
    }

    private Fault isolated(BrokerProcess broker) {
        int shape = random.nextInt(4);
        boolean coordinationToo = random.nextBoolean();
        List<SimulatedNode[]> ways = new ArrayList<>();
        for (BrokerProcess other : cluster.brokers()) {
            if (other != broker) {
                ways(ways, broker.node(), other.node(), shape);
            }
        }
        if (coordinationToo) {
            ways(ways, broker.node(), cluster.network().node(SimulatedCoordination.NODE), shape);
        }
        return blocked(
                "no way " + shapeName(shape) + broker + (coordinationToo ? ", coordination too" : ""),
                ms(40_000),
                ways);
    }

    private Fault awayFromCoordination(BrokerProcess broker) {
        int shape = random.nextInt(4);
        List<SimulatedNode[]> ways = new ArrayList<>();
        ways(ways, broker.node(), cluster.network().node(SimulatedCoordination.NODE), shape);
        return blocked("no coordination " + shapeName(shape) + broker, ms(25_000), ways);
    }

    private Fault blockedPair(BrokerProcess broker) {
        int shape = random.nextInt(3);
        BrokerProcess other = cluster.brokers()
                .get((broker.id() + random.nextInt(cluster.brokers().size() - 1))
                        % cluster.brokers().size());
        List<SimulatedNode[]> ways = new ArrayList<>();
        ways(ways, broker.node(), other.node(), shape);
        return blocked("no way " + shapeName(shape) + broker + " with " + other, ms(40_000), ways);
    }

    private Fault coordinationAway() {
        return new Fault(
                "coordination away",
                ms(15_000),
                () -> cluster.coordination().goAway(),
                () -> cluster.coordination().comeBack());
    }

    /** Now and then while a controller is elected, who may write as others do. */
    private Fault lostWrites(BrokerProcess broker) {
        boolean elected = random.nextBoolean();
        String name = broker.toString();
        return new Fault(
                "lose writes of " + broker + " to the coordination" + (elected ? ", and the controller" : ""),
                ms(30_000),
                () -> {
                    cluster.coordination().loseWrites(name, true);
                    int controller = new ClusterState(cluster.coordination().tree()).controller();
                    if (elected && controller > 0 && controller != broker.id()) {
                        cluster.coordination()
                                .expire(cluster.brokers().get(controller - 1).toString());
                    }
                },
                () -> cluster.coordination().loseWrites(name, false));
    }

    private Fault slow(BrokerProcess broker) {
        int latencyMs = 1 << (4 + random.nextInt(9));
        return new Fault(
                "up to " + latencyMs + " ms to and from " + broker,
                ms(30_000),
                () -> broker.node().slowDown(latencyMs),
                () -> broker.node().slowDown(0));
    }

    private Fault slowDisk(BrokerProcess broker) {
        return Fault.once("the disk of " + broker + " stalls", () -> {
            for (int i = 0; i < 6; i++) {
                broker.stallDisk(1 + random.nextInt(4_000));
            }
        });
    }

    private Fault clock(BrokerProcess broker) {
        long offsetMs = (random.nextInt(7_200) - 3_600) * 1_000L;
        return Fault.once(
                "the clock of " + broker + " jumps to " + offsetMs + " ms",
                () -> broker.clock().setWallOffsetMs(offsetMs));
    }

    /** A log folder that cannot be loaded for want of room, now or later, comes with the next start, and not before. */
    private Fault fullDisk(BrokerProcess broker) {
        int[] before = new int[1];
        return new Fault(
                "the disk of " + broker + " is full",
                ms(20_000),
                () -> {
                    before[0] = broker.isServing() ? broker.lives() : -1;
                    broker.disk().diskFullAfter(random.nextInt(5_000));
                },
                () -> {
                    broker.disk().freeSpace();
                    if (broker.lives() > before[0]) {
                        broker.kill();
                        broker.start();
                    }
                });
    }

    /** The operator repairs it, and starts the broker anew. */
    private Fault brokenDisk(BrokerProcess broker) {
        Path folder = folders.get(random.nextInt(folders.size())).getParent();
        return new Fault(
                folder + " of " + broker + " breaks",
                ms(20_000),
                () -> broker.disk().breakBelow(folder),
                () -> {
                    broker.disk().mend();
                    broker.kill();
                    broker.start();
                });
    }
}
