package io.odradek.server.storm;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A producer, a consumer, a member of a group and an admin that go about their business in the storm. */
final class HonestClients {
    static final String TOPIC = "honest";

    /** What an operation may take on two busy cores, when the disk has room. */
    static final int BOUND_MS = 10_000;

    /** After so long a client gives up by itself. */
    static final int GIVES_UP_MS = 30_000;

    private final HonestRecords records;
    private final HonestMember member;
    private final HonestAdmin admin;
    private final List<Thread> threads = new ArrayList<>();

    HonestClients(String bootstrapServers, Weather weather, Patience patience) throws Exception {
        records = new HonestRecords(bootstrapServers, weather, patience);
        member = new HonestMember(bootstrapServers, patience);
        admin = new HonestAdmin(bootstrapServers, patience);
        admin.createHonestTopic();
        start("honest-producer", records::produce);
        start("honest-consumer", records::read);
        start("honest-member", member);
        start("honest-admin", admin);
        awaitProgress();
    }

    private void start(String name, Runnable client) {
        Thread thread = new Thread(client, name);
        thread.start();
        threads.add(thread);
    }

    /** Waits until each of them has got on from here. */
    void awaitProgress() {
        long acknowledged = records.acknowledged();
        int commits = member.commits();
        int rounds = admin.rounds();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> records.acknowledged() > acknowledged + 1
                        && member.commits() > commits + 1
                        && admin.rounds() > rounds + 1);
    }

    HonestAdmin admin() {
        return admin;
    }

    HonestRecords records() {
        return records;
    }

    /** Ends them when they have done what they are about. */
    void stop() throws InterruptedException {
        records.stop();
        member.stop();
        admin.stop();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
