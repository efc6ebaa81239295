package io.odradek.server.storm;

import static org.awaitility.Awaitility.await;

import io.odradek.server.OpenedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.assertj.core.api.SoftAssertions;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker with small bounds in a storm: many clients that send all APIs in all versions with random fields, frames that are
 * none, batches that are none, and leave at every moment, while its disk is full now and then and one of its three log
 * folders fails. Beside them honest clients go on, and are served. When the storm is over, nothing of it is left.
 *
 * <p>It lasts {@code -Dstorm.seconds}, half a minute by default. {@code -Dseed=N} has the clients of the storm choose again what
 * they chose, as far as that does not depend on the answers they get; the timing is another one each time.
 *
 * <p>Ten minutes: {@code mvn -B -pl broker-server -am test -Dtest=StormTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dstorm.seconds=600}. With {@code -DargLine="-Xmx256m -Dio.netty.leakDetection.level=paranoid"} it has little heap and
 * every buffer is followed: a lost one is an error in the log, which fails this test.
 */
@DisabledIfSystemProperty(named = "kafka.clients.version", matches = ".*", disabledReason = "one storm is enough")
class StormTest {
    private static final Logger KAFKA = Logger.getLogger("org.apache.kafka");
    private static final int CLIENTS = 24;
    private static final int FOLDERS = 3;
    private static final int OFFSETS_PARTITIONS = 3;
    private static final long CALM_WITHIN_SECONDS = 60;
    private static final long CLIENT_SEEDS_APART = 0x9e3779b97f4a7c15L;
    private static final long MOST_GROUP_BYTES_LEFT = 4 << 10;
    private static final int SOUND_REQUESTS_FOR_ONE_CLOSED = 20_000;
    private static final long MOST_HEAP_LEFT_BYTES = 48 << 20;

    @TempDir
    Path root;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final long seconds = Long.getLong("storm.seconds", 30);
    private final SoftAssertions softly = new SoftAssertions();
    private final Tally tally = new Tally();
    private final StormDisk disk = new StormDisk();
    private final Weather weather = new Weather(disk, new Random(seed));
    private final Patience patience = new Patience(weather);

    private Map<String, String> settings() throws IOException {
        List<String> folders = new ArrayList<>();
        for (int i = 0; i < FOLDERS; i++) {
            folders.add(Files.createDirectory(root.resolve("folder-" + i)).toString());
        }
        Map<String, String> settings = new TreeMap<>();
        settings.put("listeners", "PLAINTEXT://127.0.0.1:0");
        settings.put("log.dirs", String.join(",", folders));
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "2");
        settings.put("queued.max.requests", "16");
        settings.put("queued.max.request.bytes", "8388608");
        settings.put("socket.request.max.bytes", "8388608");
        settings.put("odradek.partial.requests.max.bytes", "16777216");
        settings.put("odradek.response.max.pending.bytes", "1048576");
        settings.put("odradek.memory.frames.bytes", "33554432");
        settings.put("odradek.memory.requests.bytes", "67108864");
        settings.put("odradek.memory.answers.bytes", "33554432");
        settings.put("odradek.memory.groups.bytes", "8388608");
        settings.put("odradek.memory.fetch.sessions.bytes", "2097152");
        settings.put("odradek.create.topics.max.topics", "20");
        settings.put("odradek.create.topics.max.partitions", "60");
        settings.put("odradek.records.max.inflated.bytes", "16777216");
        settings.put("max.incremental.fetch.session.cache.slots", "50");
        settings.put("log.segment.bytes", "262144");
        settings.put("log.retention.bytes", "1048576");
        settings.put("log.retention.check.interval.ms", "2000");
        settings.put("log.segment.delete.delay.ms", "1000");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.put("replica.high.watermark.checkpoint.interval.ms", "500");
        settings.put("offsets.topic.num.partitions", Integer.toString(OFFSETS_PARTITIONS));
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("offsets.topic.segment.bytes", "1048576");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.min.session.timeout.ms", "500");
        settings.put("group.max.session.timeout.ms", "15000");
        return settings;
    }

    @Test
    void honestClientsAreServedInTheStormAndNothingOfItIsLeft() throws Exception {
        System.out.println("Storm of " + seconds + " s: run its choices again with -Dseed=" + seed);
        Thread.UncaughtExceptionHandler handlerBefore = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, death) ->
                tally.fault(thread.getName() + " died of " + death + List.of(death.getStackTrace())));
        long buffersBefore = Held.directBuffers();
        Set<String> othersThreads = Held.threads();
        KAFKA.setLevel(Level.SEVERE);
        try (StormLog log = new StormLog()) {
            Map<String, String> settings = settings();
            HonestRecords records;
            try (OpenedBroker broker = OpenedBroker.start(settings, disk)) {
                records = storm(broker);
            } finally {
                report(log);
            }
            try (OpenedBroker again = OpenedBroker.start(settings, new StormDisk())) {
                softly.assertThat(records.missing(again.bootstrapServers()))
                        .as("lost in the end")
                        .isEmpty();
            }
            // With the threads their caches have gone.
            softly.assertThat(Held.directBuffers()).as("direct buffers").isLessThanOrEqualTo(buffersBefore);
            softly.assertThat(log.alarms()).as("errors in the log").isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(handlerBefore);
            KAFKA.setLevel(null);
        }
        softly.assertThat(othersThreads).as("threads left").containsAll(Held.threads());
        softly.assertAll();
    }

    private HonestRecords storm(OpenedBroker broker) throws Exception {
        HonestClients honest = new HonestClients(broker.bootstrapServers(), weather, patience);
        Path failing = folderWithoutTheHonest(broker);
        Set<String> threadsBefore = Held.threads();
        long groupsBefore = broker.memory().groups().usedBytes();
        long heapBefore = Held.heapBytes();
        int connectionsBefore = broker.frontEnd().connections();

        Peaks peaks = new Peaks(broker);
        rage(broker, failing);
        peaks.stop();
        System.out.println(peaks);

        eventually("connections of the storm", () -> broker.frontEnd().connections() <= connectionsBefore + 3);
        honest.awaitProgress();
        honest.admin().deleteTopicsOfTheStorm();
        softly.assertThat(honest.admin().deleteGroupsOfTheStorm())
                .as("groups that cannot be deleted")
                .isEmpty();
        long groupsLeft = broker.memory().groups().usedBytes() - groupsBefore;
        long heapLeft = Held.heapBytes() - heapBefore;
        honest.stop();
        eventually("" + Held.byRequests(broker), () -> Held.byRequests(broker).isEmpty());

        softly.assertThat(Held.byRequests(broker)).as("held for nobody").isEmpty();
        softly.assertThat(heapLeft).as("bytes of heap left").isLessThan(MOST_HEAP_LEFT_BYTES);
        softly.assertThat(groupsLeft).as("bytes of groups left").isLessThan(MOST_GROUP_BYTES_LEFT);
        softly.assertThat(Held.threads()).as("threads").containsAll(threadsBefore);
        softly.assertThat(honest.records().unread())
                .as("acknowledged and not read")
                .isEmpty();
        softly.assertThat(patience.complaints())
                .as("complaints of honest clients")
                .isEmpty();
        // A client that takes no answers, or whose frame is half there, is closed now and then for the others' sake.
        softly.assertThat(tally.droppedSmall().size())
                .as("closed, not answered: %s", tally.droppedSmall())
                .isLessThanOrEqualTo(1 + tally.soundRequests() / SOUND_REQUESTS_FOR_ONE_CLOSED);
        softly.assertThat(tally.faults()).as("faults").isEmpty();
        softly.assertThat(tally.unanswered()).as("never answered").isEmpty();
        softly.assertThat(tally.neverWell()).as("never with success").isEmpty();
        System.out.println("Acknowledged " + honest.records().acknowledged() + ", refused on a full disk "
                + honest.records().refused() + ", disk filled " + weather.fillings() + " times, heap left "
                + heapLeft / 1024 + " KiB, of groups " + groupsLeft + " bytes, kept " + Held.byState(broker));
        return honest.records();
    }

    private void rage(OpenedBroker broker, Path failing) throws InterruptedException {
        Departures departures = new Departures();
        List<String> folders = broker.logFolders().stream().map(Path::toString).toList();
        List<StormClient> clients = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i <= CLIENTS; i++) {
            Random random = new Random(seed + i * CLIENT_SEEDS_APART);
            StormClient client = new StormClient(broker.address(), folders, tally, departures, random);
            clients.add(client);
            threads.add(new Thread(client, "storm-" + i));
        }
        threads.forEach(Thread::start);
        weather.run(seconds, failing);
        clients.forEach(StormClient::stop);
        departures.close();
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(CALM_WITHIN_SECONDS).toMillis());
            softly.assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    private void eventually(String what, java.util.concurrent.Callable<Boolean> condition) {
        try {
            await().atMost(CALM_WITHIN_SECONDS, TimeUnit.SECONDS).until(condition);
        } catch (ConditionTimeoutException never) {
            softly.fail("Not within %d s: %s", CALM_WITHIN_SECONDS, what);
        }
    }

    /** {@return a log folder with nothing in it that the honest clients need} */
    private static Path folderWithoutTheHonest(OpenedBroker broker) {
        int offsets = Math.floorMod(HonestMember.GROUP.hashCode(), OFFSETS_PARTITIONS);
        for (Path folder : broker.logFolders()) {
            if (!Files.exists(folder.resolve(HonestClients.TOPIC + "-0"))
                    && !Files.exists(folder.resolve("__consumer_offsets-" + offsets))) {
                return folder;
            }
        }
        throw new IllegalStateException("Every log folder has something of the honest clients");
    }

    private void report(StormLog log) {
        System.out.println(tally);
        System.out.println(patience);
        tally.dropped()
                .forEach((port, what) -> System.out.println("Closed unanswered: " + what + ": " + log.reason(port)));
        log.kinds().forEach((kind, times) -> System.out.println("Logged " + times + " times: " + kind));
        log.alarms().forEach(System.out::println);
        System.out.println("Complaints: " + patience.complaints());
        System.out.println("Faults: " + tally.faults());
    }
}
