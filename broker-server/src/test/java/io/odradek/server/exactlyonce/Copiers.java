package io.odradek.server.exactlyonce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The members of the group, each under a transactional id of its own. */
final class Copiers implements AutoCloseable {
    private final Path folder;
    private final String servers;
    private final int recordsPerTransaction;
    private final Random random;
    private final List<ClientProcess> members = new ArrayList<>();
    private final List<ClientProcess> replaced = new ArrayList<>();
    private int endedByThemselves;

    Copiers(Path folder, String servers, int count, int recordsPerTransaction, Random random) throws IOException {
        this.folder = folder;
        this.servers = servers;
        this.recordsPerTransaction = recordsPerTransaction;
        this.random = random;
        for (int i = 0; i < count; i++) {
            members.add(start(i));
        }
    }

    /** Kills a member and starts it again: whoever has its id next ends its transaction. */
    void killOne() throws IOException {
        int member = random.nextInt(members.size());
        members.get(member).kill();
        members.set(member, start(member));
    }

    /** Starts a second process under the id of a member, which does not know of it and goes on until it is fenced. */
    void replaceOne() throws IOException {
        int member = random.nextInt(members.size());
        replaced.add(members.get(member));
        members.set(member, start(member));
    }

    /** Starts those again that have given up. */
    void revive() throws IOException {
        for (int i = 0; i < members.size(); i++) {
            if (!members.get(i).isAlive()) {
                endedByThemselves++;
                members.set(i, start(i));
            }
        }
    }

    /** {@return how often a member has given up its id without being killed or replaced} */
    int endedByThemselves() {
        return endedByThemselves;
    }

    @Override
    public void close() {
        members.forEach(ClientProcess::close);
        replaced.forEach(ClientProcess::close);
    }

    private ClientProcess start(int member) throws IOException {
        return ClientProcess.start(
                folder.resolve("copier-" + member + ".log"),
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Copier.class.getName(),
                        servers,
                        "copier-" + member,
                        Integer.toString(recordsPerTransaction),
                        Long.toString(random.nextLong())));
    }
}
